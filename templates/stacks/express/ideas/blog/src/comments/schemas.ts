/** What clients send. */

import { z } from "zod";

import { required, wrapped, written } from "../texts.ts";

/** A comment to add. */
const NewComment = z.strictObject({ body: written(5000) }, required);
export type NewComment = z.output<typeof NewComment>;
export const NewCommentRequest = wrapped("comment", NewComment);
