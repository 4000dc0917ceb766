/** Kept equal to the package's version by a test. */
export const VERSION = "0.0.0";
