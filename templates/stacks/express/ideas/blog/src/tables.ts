/** Every table, for the tool that writes migrations. */

export * from "./articles/table.ts";
export * from "./comments/table.ts";
export * from "./favorites/table.ts";
export * from "./profiles/table.ts";
export * from "./users/table.ts";
