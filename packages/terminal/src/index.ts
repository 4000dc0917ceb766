export { isLive, type Paint, paint } from "./paint.ts";
export { printWhole } from "./print-whole.ts";
export { progressBar } from "./progress-bar.ts";
export { safeText } from "./safe-text.ts";
export { sayBytes } from "./say-bytes.ts";
export { asOrchardError, type Streams, tellError } from "./tell-error.ts";
export { type TroubleTeller, troubleTeller } from "./trouble-teller.ts";
