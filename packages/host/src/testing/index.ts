export { type Fault, faultyFiles, filesFailingAt } from "./faulty-files.ts";
export { type FileCall, interceptedFiles } from "./intercepted-files.ts";
export { type Random, seededRandom } from "./random.ts";
export { SimulatedDisk } from "./simulated-disk.ts";
export { PAGE, SimulatedFile } from "./simulated-file.ts";
export { systemError } from "./system-error.ts";
