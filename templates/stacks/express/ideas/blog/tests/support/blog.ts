/** Users and articles for tests. */

import "./cheap-passwords.ts";

import type TestAgent from "supertest/lib/agent.js";
import { expect } from "vitest";

import type { Article } from "../../src/articles/service.ts";

export const PASSWORD = "a long sentence is a good password";

export type Client = Pick<TestAgent, "delete" | "get" | "post" | "put">;

export interface Account {
  username: string;
  email: string;
  token: string;
  /** The header of requests of this user. */
  headers: { Authorization: string };
}

let number = 0;

/** Registers a user and returns them. */
export async function register(client: Client, fields: object = {}): Promise<Account> {
  number += 1;
  const username = `user${number}`;
  const user = { username, email: `${username}@example.com`, password: PASSWORD, ...fields };
  const response = await client.post("/api/users").send({ user });
  expect(response.status, response.text).toBe(201);
  const account = response.body.user as Omit<Account, "headers">;
  return { ...account, headers: { Authorization: `Token ${account.token}` } };
}

/** Publishes an article and returns it. */
export async function publish(
  client: Client,
  { headers }: Account,
  fields: object = {},
): Promise<Article> {
  number += 1;
  const article = { title: `Article ${number}`, description: "About it", body: "Text", ...fields };
  const response = await client.post("/api/articles").set(headers).send({ article });
  expect(response.status, response.text).toBe(201);
  return response.body.article as Article;
}
