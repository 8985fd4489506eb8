import { expect, test, vi } from "vitest";

// Other tests make hashing cheap; here it costs what it costs in production.
vi.resetModules();
const { hashPassword, verifyPassword } = await import("../../src/passwords.ts");

test("a password is recognised, and no other", async () => {
  const hash = await hashPassword("correct horse");
  expect(await verifyPassword("correct horse", hash)).toBe(true);
  expect(await verifyPassword("Correct horse", hash)).toBe(false);
  expect(await verifyPassword("", hash)).toBe(false);
});

test("without a hash the answer is no", async () => {
  expect(await verifyPassword("nobody", undefined)).toBe(false);
});

test("a hash is Argon2id with what OWASP recommends, and a salt of its own", async () => {
  const one = await hashPassword("x");
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hashPassword("x")).not.toBe(one);
});
