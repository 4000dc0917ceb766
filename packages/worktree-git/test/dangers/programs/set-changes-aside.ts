import { parseOid, setChangesAside } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

const [path = "", commit = "", to = ""] = process.argv.slice(2);
await setChangesAside(await reopen(path), path, { commit: parseOid(commit), to });
