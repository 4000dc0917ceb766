import { restoreRescue } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

const [path = "", name = "", number = ""] = process.argv.slice(2);
await restoreRescue(await reopen(path), { name, number: Number(number) });
