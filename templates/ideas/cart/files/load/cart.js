// Load test, run by k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/):
//
//   k6 run load/cart.js
//   k6 run -e USERS=50 -e BASE_URL=http://127.0.0.1:8000 load/cart.js
//   k6 run -e SAME=1 load/cart.js      all users buy the same product
//
// Before, staff put products with a large stock into the catalogue, which stay there: use a database
// that you can throw away. Each user makes an account once, then looks around, fills the cart and
// buys it. k6 ends with exit code 99 when a threshold is missed. Measure the application itself: the
// proxy of compose.yaml limits each address.

import { check, fail, sleep } from "k6";
import http from "k6/http";

const API = `${__ENV.BASE_URL || "http://127.0.0.1:8000"}/api/v1`;
const USERS = Number(__ENV.USERS || 5);
const SAME = Boolean(__ENV.SAME);
const STAFF = {
  email: __ENV.STAFF_EMAIL || "staff@example.com",
  password: __ENV.STAFF_PASSWORD || "run-the-shop",
};
const PRODUCTS = 20;
const ADDRESS = {
  name: "Ada Lovelace",
  street: "12 St James's Square",
  postalCode: "SW1Y 4JH",
  city: "London",
  country: "GB",
};

export const options = {
  stages: [
    { duration: "10s", target: USERS },
    { duration: "30s", target: USERS },
    { duration: "5s", target: 0 },
  ],
  thresholds: {
    checks: ["rate>0.99"],
    http_req_failed: ["rate<0.01"],
    "http_req_duration{name:list}": ["p(95)<200"],
    "http_req_duration{name:search}": ["p(95)<300"],
    "http_req_duration{name:product}": ["p(95)<100"],
    "http_req_duration{name:add}": ["p(95)<300"],
    "http_req_duration{name:cart}": ["p(95)<200"],
    "http_req_duration{name:checkout}": ["p(95)<500"],
    "http_req_duration{name:order}": ["p(95)<200"],
  },
  // A user stays logged in from one round to the next.
  noCookiesReset: true,
};

let token = "";
let loggedIn = false;

function unique(prefix) {
  return `${prefix}${Date.now()}${Math.random().toString().slice(2, 10)}`;
}

// The tag keeps all requests of a kind in one line of the report, whatever their URL.
function get(path, name) {
  return http.get(API + path, { tags: { name } });
}

function post(path, body, name, headers = {}) {
  const all = { "Content-Type": "application/json", "X-CSRF-Token": token, ...headers };
  return http.post(API + path, JSON.stringify(body), { headers: all, tags: { name } });
}

function logIn(credentials) {
  token = get("/csrf", "csrf").json("csrfToken");
  const answer = post("/login", credentials, "login");
  if (answer.status !== 200) fail(`${credentials.email} cannot log in: ${answer.status}`);
  token = answer.json("csrfToken");
}

function register() {
  token = get("/csrf", "csrf").json("csrfToken");
  const credentials = { email: `${unique("user")}@example.com`, password: "an-engine-of-brass" };
  post("/users", { ...credentials, name: "Ada" }, "register");
  logIn(credentials);
}

export function setup() {
  logIn(STAFF);
  const products = [];
  for (let number = 0; number < PRODUCTS; number += 1) {
    const slug = unique("load-");
    const fields = { category: "tea", price: 1000 + number, taxRate: 1000, stock: 1000000 };
    const answer = post("/products", { slug, name: `Load ${number}`, ...fields }, "setup");
    if (answer.status !== 201) fail(`a product was refused: ${answer.status}`);
    products.push({ id: answer.json("id"), slug });
  }
  return products;
}

export default function (products) {
  if (!loggedIn) {
    register();
    loggedIn = true;
  }
  const product = products[SAME ? 0 : Math.floor(Math.random() * products.length)];

  const list = get("/products?sort=price&inStock=true", "list");
  check(list, { "list is 200": (answer) => answer.status === 200 });

  const search = get("/products?q=load&pageSize=20", "search");
  check(search, { "search finds something": (answer) => answer.json("total") > 0 });

  const read = get(`/products/${product.slug}`, "product");
  check(read, { "product is 200": (answer) => answer.status === 200 });

  const added = post("/cart/items", { productId: product.id, quantity: 2 }, "add");
  if (!check(added, { "add is 200": (answer) => answer.status === 200 })) return;

  const cart = get("/cart", "cart");
  const order = {
    revision: cart.json("revision"),
    shippingAddress: ADDRESS,
    payment: { cardNumber: "4242424242424242" },
  };
  const bought = post("/checkout", order, "checkout", { "Idempotency-Key": unique("key") });
  if (!check(bought, { "checkout is paid": (answer) => answer.json("status") === "paid" })) return;

  const kept = get(`/orders/${bought.json("id")}`, "order");
  check(kept, { "the order is kept": (answer) => answer.json("total") === cart.json("total") });

  sleep(1);
}
