#!/usr/bin/env node
import { partLoader } from "./load-part.ts";

/** Set when it is bundled: the part that is the program's start. */
declare const FIRST_PART: string;

partLoader(__dirname, require)(FIRST_PART);
