/** What clients send to log in. */

import { z } from "zod";

import { filled, required, wrapped } from "../texts.ts";

/** What proves who somebody is. */
const Credentials = z.strictObject({ email: filled(254), password: filled(128) }, required);
export type Credentials = z.output<typeof Credentials>;
export const LoginRequest = wrapped("user", Credentials);
