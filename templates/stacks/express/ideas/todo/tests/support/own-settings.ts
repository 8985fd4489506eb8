/** Environment variables that this application needs beside those which all have: none. */

export const OWN_SETTINGS: Record<string, string> = {};
