/** Every table, for the tool that writes migrations. */

export * from "./todos/table.ts";
