import { SignJWT, UnsecuredJWT } from "jose";
import { afterEach, describe, expect, test, vi } from "vitest";

import { issueToken, readToken } from "../../src/tokens.ts";

const KEY = "a key that only these tests know, and long enough";
const settings = { SECRET_KEY: KEY, ACCESS_TOKEN_SECONDS: 60 };
const claims = { sub: "7", ver: 1 };

afterEach(() => {
  vi.useRealTimers();
});

test("a token says whose it is", async () => {
  expect(await readToken(settings, await issueToken(settings, claims))).toEqual(claims);
});

test("a token expires", async () => {
  vi.useFakeTimers();
  const token = await issueToken(settings, claims);
  vi.advanceTimersByTime(59_000);
  expect(await readToken(settings, token)).toEqual(claims);
  vi.advanceTimersByTime(2_000);
  expect(await readToken(settings, token)).toBeUndefined();
});

describe("a token that is not ours is refused", () => {
  const complete = { ...claims, jti: "1", iat: 1, exp: 2 ** 31 };
  const signed = (payload: object, alg = "HS256", key = KEY) =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));

  test("but this one would not be", async () => {
    expect(await readToken(settings, await signed(complete))).toEqual(claims);
  });

  test.each([
    ["signed with another key", signed(complete, "HS256", KEY.toUpperCase())],
    ["signed with another algorithm", signed(complete, "HS512")],
    ["without a signature", new UnsecuredJWT(complete).encode()],
    ["without an end", signed({ ...complete, exp: undefined })],
    ["without a version", signed({ ...complete, ver: undefined })],
    ["with a version that is no number", signed({ ...complete, ver: "1" })],
    ["that is no token", "x.y.z"],
    ["that is nothing", ""],
  ])("%s", async (_what, token) => {
    expect(await readToken(settings, await token)).toBeUndefined();
  });
});
