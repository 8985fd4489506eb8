/** Seeing others and following them. */

import { expect } from "vitest";

import { test } from "../support/application.ts";
import { register } from "../support/blog.ts";
import { expectError } from "../support/errors.ts";

test("everybody may see a profile, and no address", async ({ client }) => {
  const { username } = await register(client);
  const response = await client.get(`/api/profiles/${username.toUpperCase()}`);
  expect(response.body).toEqual({
    profile: { username, bio: null, image: null, following: false },
  });
});

test("following is seen by the follower only, and may be repeated", async ({ client }) => {
  const ada = await register(client);
  const grace = await register(client);
  const profile = `/api/profiles/${grace.username}`;
  for (let time = 0; time < 2; time += 1) {
    const response = await client.post(`${profile}/follow`).set(ada.headers);
    expect(response.body.profile).toMatchObject({ username: grace.username, following: true });
  }
  expect((await client.get(profile).set(ada.headers)).body.profile.following).toBe(true);
  expect((await client.get(profile).set(grace.headers)).body.profile.following).toBe(false);
  for (let time = 0; time < 2; time += 1) {
    const response = await client.delete(`${profile}/follow`).set(ada.headers);
    expect(response.body.profile.following).toBe(false);
  }
  expect((await client.get(profile).set(ada.headers)).body.profile.following).toBe(false);
});

test("one may follow oneself", async ({ client }) => {
  const { username, headers } = await register(client);
  const response = await client.post(`/api/profiles/${username}/follow`).set(headers);
  expect(response.body.profile.following).toBe(true);
});

test.for(["nobody", "%00", "%2F", "a%20b"])("nobody has the name %s", async (name, { client }) => {
  const { headers } = await register(client);
  const profile = `/api/profiles/${name}`;
  for (const response of [
    await client.get(profile),
    await client.post(`${profile}/follow`).set(headers),
    await client.delete(`${profile}/follow`).set(headers),
  ]) {
    expectError(response, 404);
    expect(response.body).toEqual({ errors: { profile: ["not found"] } });
  }
});

test("a name of any script can be followed", async ({ client }) => {
  const { headers } = await register(client);
  const username = "紫 式部";
  const response = await client.post("/api/users").send({
    user: { username, email: "murasaki@example.com", password: "12345678" },
  });
  const path = new URL(response.get("location") ?? "").pathname;
  expect((await client.post(`${path}/follow`).set(headers)).body.profile).toMatchObject({
    username,
    following: true,
  });
});
