// What the scripts of this collection share: clients with sessions of their own, and products.

const PASSWORD = "a long sentence is a good password";
const ADDRESS = {
  name: "Ada Lovelace",
  street: "12 St James's Square",
  postalCode: "SW1Y 4JH",
  city: "London",
  country: "GB",
};
// What the stand-in of the payment service does depends on the card.
const CARDS = {
  good: "4242424242424242",
  declined: "4000000000000002",
  silent: "4000000000000119",
  late: "4000000000000259",
};

function unique(prefix) {
  return prefix + Date.now() + Math.random().toString().slice(2, 10);
}

/** A client with a session: it keeps the cookie and the CSRF token. */
class Client {
  constructor(bru) {
    this.bru = bru;
    this.headers = {};
  }

  /** Sends a request with a JSON body and answers the answer, whatever its status. */
  async send(method, path, body, headers = {}) {
    const response = await this.bru.sendRequest({
      method,
      url: this.bru.getEnvVar("baseUrl") + "/api/v1" + path,
      headers: { "Content-Type": "application/json", ...this.headers, ...headers },
      data: body && JSON.stringify(body),
      validateStatus: () => true,
    });
    const cookies = [response.headers["set-cookie"] || []].flat();
    const session = cookies.map((cookie) => /^session=([^;]+)/.exec(cookie)).find(Boolean);
    if (session) this.headers.Cookie = `session=${session[1]}`;
    if (response.data && response.data.csrfToken) {
      this.headers["X-CSRF-Token"] = response.data.csrfToken;
    }
    return response;
  }

  async begin() {
    await this.send("GET", "/csrf");
    return this;
  }

  /** Makes an account and logs in; keeps its address and id. */
  async register() {
    const user = { email: `${unique("user")}@example.com`, name: "Ada", password: PASSWORD };
    this.id = (await this.send("POST", "/users", user)).data.id;
    this.email = user.email;
    return this.logIn(user.email, PASSWORD);
  }

  async logIn(email, password) {
    await this.send("POST", "/login", { email, password });
    return this;
  }

  async cart() {
    return (await this.send("GET", "/cart")).data;
  }

  /** Puts a product into the cart and answers the cart. */
  async add(product, quantity = 1) {
    return (await this.send("POST", "/cart/items", { productId: product.id, quantity })).data;
  }

  /** Buys what is in the cart; `order` is what differs from an order that is paid. */
  async checkOut(order = {}) {
    const key = order.key || unique("key");
    const body = {
      revision: order.revision || (await this.cart()).revision,
      shippingAddress: ADDRESS,
      payment: { cardNumber: order.card || CARDS.good },
    };
    return this.send("POST", "/checkout", body, { "Idempotency-Key": key });
  }

  /** Buys a product and answers the order. */
  async buy(product, quantity = 1) {
    await this.add(product, quantity);
    return (await this.checkOut()).data;
  }

  /** Lets the request of this script be this client's. */
  lend(req) {
    // Bruno adds the cookies that it has kept from other requests.
    this.bru.cookies.jar().clear();
    for (const [name, value] of Object.entries(this.headers)) req.setHeader(name, value);
    return this;
  }
}

/** A client that is not logged in. */
function visitor(bru) {
  return new Client(bru).begin();
}

/** A client with a new account. */
async function customer(bru) {
  return (await visitor(bru)).register();
}

/** A client that is logged in as staff. */
async function staff(bru) {
  const client = await visitor(bru);
  return client.logIn(bru.getEnvVar("staffEmail"), bru.getEnvVar("staffPassword"));
}

/** Puts a product into the catalogue; `fields` are those that matter. */
async function product(bru, fields = {}) {
  const member = await staff(bru);
  const slug = unique("product-");
  const basic = { slug, name: slug, category: "tea", price: 2900, taxRate: 2000, stock: 10 };
  const response = await member.send("POST", "/products", { ...basic, ...fields });
  if (response.status !== 201) {
    throw new Error("Staff could not make a product: is the database filled with the examples?");
  }
  return response.data;
}

module.exports = { ADDRESS, CARDS, PASSWORD, customer, product, staff, unique, visitor };
