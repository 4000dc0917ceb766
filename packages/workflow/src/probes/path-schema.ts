import { nameSchema } from "../input/name-schema.ts";
import { whyNotAPath } from "./safe-path.ts";

/** A path inside the repository, as {@link whyNotAPath} lets it pass. */
export const pathSchema = nameSchema("a path in the repository", whyNotAPath);
