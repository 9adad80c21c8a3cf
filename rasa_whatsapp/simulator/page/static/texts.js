/** Every text of the page, in Spanish, Portuguese and English. The three hold the same keys. */

import { en } from "./texts/en.js";
import { es } from "./texts/es.js";
import { pt } from "./texts/pt.js";

export const TEXTS = { es, pt, en };
