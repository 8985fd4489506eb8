/** What clients send and get. */

import { z } from "zod";

import { lengthOf } from "../schemas.ts";
import { filled, line, optionalText, required, UNSEEN, wrapped } from "../texts.ts";
import type { User } from "./table.ts";

const MIN_PASSWORD = 8;
const MAX_PASSWORD = 128;
// A part of URLs: no slash, and no dot at the beginning.
const USERNAME = /^[^./][^/\p{Cc}\u2028\u2029]*$/u;
const EMAIL = new RegExp(`^[^${UNSEEN}@]{1,64}@[^${UNSEEN}@]{1,189}$`, "u");
const IMAGE = new RegExp(`^https?://[^${UNSEEN}"<>]{1,1990}$`, "u");

const Username = line(50).refine((name) => name === "" || USERNAME.test(name), "is invalid");
const Email = filled(254)
  .refine((email) => EMAIL.test(email), "is invalid")
  .transform((email) => email.toLowerCase());
const Password = filled(MAX_PASSWORD).refine(
  (password) => lengthOf(password) >= MIN_PASSWORD,
  `must have at least ${MIN_PASSWORD} characters`,
);

/** A user to make. */
const NewUser = z.strictObject({ username: Username, email: Email, password: Password }, required);
export type NewUser = z.output<typeof NewUser>;
export const NewUserRequest = wrapped("user", NewUser);

/** The fields of the user to change; the others stay as they are. */
const UserChanges = z
  .strictObject(
    {
      username: Username.optional(),
      email: Email.optional(),
      password: Password.optional(),
      bio: optionalText(2000).optional(),
      image: optionalText(2000, IMAGE).optional(),
      // Front ends send the user back as they got it.
      token: z.unknown().optional(),
    },
    required,
  )
  .transform(({ token: _, ...changes }) => changes);
export type UserChanges = z.output<typeof UserChanges>;
export const UpdateUserRequest = wrapped("user", UserChanges);

/** Returns a user as they see themselves. */
export function userBody({ username, email, bio, image }: User, token: string) {
  return { user: { username, email, bio, image, token } };
}
