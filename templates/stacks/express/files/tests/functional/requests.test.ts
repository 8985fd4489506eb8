/** How the application takes requests, whatever the route. */

import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { describe, expect } from "vitest";

import { urlOf } from "../../src/server.ts";
import { test } from "../support/application.ts";
import { expectError, invalidNames } from "../support/errors.ts";

const LIMIT = 100_000;
const JSON_TYPE = "application/json";

test.override({ environment: { MAX_BODY_BYTES: String(LIMIT) } });

/** Returns a valid body with this many bytes. */
function bodyOf(size: number): string {
  return `{"displayName": "${"x".repeat(size - 19)}"}`;
}

test("a valid body is accepted", async ({ client }) => {
  const response = await client.post("/probe").send({ displayName: "x", amount: 2 });
  expect(response.body).toBe("2 x x");
});

test("a number without a fraction is an integer", async ({ client }) => {
  const response = await client
    .post("/probe")
    .type(JSON_TYPE)
    .send('{"displayName": "x", "amount": 2.0}');
  expect(response.body).toBe("2 x x");
});

test("a body over the limit is 413", async ({ client }) => {
  const post = (size: number) => client.post("/probe").type(JSON_TYPE).send(bodyOf(size));
  expect((await post(LIMIT)).status).toBe(200);
  expectError(await post(LIMIT + 1), 413, "The body may have at most 100000 bytes.");
});

test("a chunked body over the limit is 413", async ({ server }) => {
  /** Sends the body in pieces, so that its length is not declared. */
  async function post(body: string): Promise<{ status: number | undefined; body: unknown }> {
    const { port } = server.address() as AddressInfo;
    const headers = { "Content-Type": JSON_TYPE };
    const request = httpRequest({ port, path: "/probe", method: "POST", headers });
    const answered = new Promise<Awaited<ReturnType<typeof post>>>((resolve, reject) => {
      request.once("error", reject);
      request.once("response", (response) => {
        void text(response).then((answer) => {
          resolve({ status: response.statusCode, body: JSON.parse(answer) });
        });
      });
    });
    for (let start = 0; start < body.length; start += 10_000) {
      request.write(body.slice(start, start + 10_000));
    }
    request.end();
    return await answered;
  }
  expect((await post(bodyOf(LIMIT))).status).toBe(200);
  expect((await post(bodyOf(LIMIT + 1))).status).toBe(413);
});

test("a connection survives a body over the limit", async ({ server }) => {
  const url = urlOf(server);
  const body = "x".repeat(10 * LIMIT);
  const refused = await fetch(`${url}/probe`, { method: "POST", body });
  expect(refused.status).toBe(413);
  await refused.text();
  expect((await fetch(`${url}/probe`)).status).toBe(200);
});

test("a compressed body is refused", async ({ client }) => {
  const response = await client
    .post("/probe")
    .type(JSON_TYPE)
    .set("Content-Encoding", "gzip")
    .send("x");
  expectError(response, 415, "Send the body without Content-Encoding.");
});

test.for([
  Buffer.from("{"),
  Buffer.from('{"displayName": "x"'),
  Buffer.from("not json"),
  Buffer.from('{"displayName": "x", "amount": NaN}'),
  Buffer.from('{"displayName": "\xff"}', "latin1"),
  Buffer.from("[".repeat(LIMIT)),
])("malformed JSON is 400", async (body, { client }) => {
  const asItIs = (data: unknown) => data as string;
  const response = await client.post("/probe").type(JSON_TYPE).serialize(asItIs).send(body);
  expectError(response, 400, "The body is not valid JSON.");
});

test("very deep JSON is refused", async ({ client }) => {
  const depth = LIMIT / 4;
  const body = `{"displayName": ${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const response = await client.post("/probe").type(JSON_TYPE).send(body);
  expect(invalidNames(response)).toEqual(["displayName"]);
});

test.for(["text/plain", "application/x-www-form-urlencoded", ""])(
  "a body that is not JSON is 415",
  async (type, { client }) => {
    const request = client.post("/probe").set("Content-Type", type);
    expectError(
      await request.send('{"displayName": "x"}'),
      415,
      "Send the body as application/json.",
    );
  },
);

test.for(["application/json; charset=utf-8", "APPLICATION/JSON"])(
  "JSON has more than one spelling: %s",
  async (type, { client }) => {
    const response = await client
      .post("/probe")
      .set("Content-Type", type)
      .send('{"displayName": "x"}');
    expect(response.status).toBe(200);
  },
);

test("an unknown field is 422", async ({ client }) => {
  const response = await client.post("/probe").send({ displayName: "x", isAdmin: true });
  expect(invalidNames(response)).toEqual(["isAdmin"]);
});

test.for([
  ["", ""],
  ["[]", ""],
  ["null", ""],
  ["{}", "displayName"],
  ['{"display_name": "x"}', "displayName"],
  ['{"displayName": 1}', "displayName"],
  ['{"displayName": "\\ud800"}', "displayName"],
  ['{"displayName": "\\u0000"}', "displayName"],
  ['{"displayName": "x", "amount": "1"}', "amount"],
  ['{"displayName": "x", "amount": 1.5}', "amount"],
  ['{"displayName": "x", "amount": true}', "amount"],
  ['{"displayName": "x", "amount": 1e400}', "amount"],
  ['{"displayName": "x", "__proto__": {}}', "__proto__"],
  ['{"displayName": "x", "\\ud800": 1}', "\ufffd"],
] as const)("an invalid value is 422 and named: %s", async ([body, name], { client }) => {
  const response = await client.post("/probe").type(JSON_TYPE).send(body);
  expect(invalidNames(response)).toContain(name);
});

test("an unknown path is 404", async ({ client }) => {
  expectError(await client.get("/nowhere"), 404, "There is nothing at this address.");
});

test("a slash at the end is another path", async ({ client }) => {
  expectError(await client.get("/probe/"), 404);
});

test("a path that cannot be decoded is 404", async ({ client }) => {
  expect((await client.get("/probe/things/%C3%A9")).body).toBe("é");
  expectError(await client.get("/probe/things/%zz"), 404);
});

describe("a method that a path does not have", () => {
  test.for(["put", "delete"] as const)(
    "%s is 405 and told the right ones",
    async (method, { client }) => {
      const response = await client[method]("/probe");
      expectError(response, 405, `This address does not support ${method.toUpperCase()}.`);
      expect(response.get("allow")).toBe("GET, HEAD, POST, OPTIONS");
    },
  );

  test("OPTIONS tells the methods", async ({ client }) => {
    const response = await client.options("/probe");
    expect(response.status).toBe(204);
    expect(response.get("allow")).toBe("GET, HEAD, POST, OPTIONS");
    expectError(await client.options("/nowhere"), 404);
  });
});

test("HEAD is GET without the body", async ({ client }) => {
  const head = await client.head("/probe");
  const get = await client.get("/probe");
  expect(head.status).toBe(200);
  expect(head.text).toBeUndefined();
  expect(head.get("content-length")).toBe(get.get("content-length"));
});
