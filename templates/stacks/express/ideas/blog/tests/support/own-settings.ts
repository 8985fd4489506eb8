/** Environment variables that this application needs beside those which all have. */

export const OWN_SETTINGS: Record<string, string> = {
  SECRET_KEY: "a key that only the tests know, and long enough",
};
