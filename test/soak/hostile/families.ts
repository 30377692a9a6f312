import { adminAttack } from "./admin.js";
import type { Family } from "./attack.js";
import { bodyAttack, smugglingAttack } from "./framing.js";
import { headerAttack } from "./headers.js";
import { manifestAttack, pullAttack, uploadAttack } from "./images.js";
import { jsonAttack, stsAttack } from "./json.js";
import { pathAttack } from "./paths.js";

/** Every kind of hostile input, and how often it comes among the others. */
export const FAMILIES: Readonly<Record<string, { readonly attack: Family; readonly share: number }>> = {
  paths: { attack: pathAttack, share: 22 },
  headers: { attack: headerAttack, share: 16 },
  admin: { attack: adminAttack, share: 6 },
  json: { attack: jsonAttack, share: 24 },
  sts: { attack: stsAttack, share: 4 },
  manifests: { attack: manifestAttack, share: 10 },
  pulls: { attack: pullAttack, share: 6 },
  uploads: { attack: uploadAttack, share: 6 },
  bodies: { attack: bodyAttack, share: 8 },
  smuggling: { attack: smugglingAttack, share: 4 },
};
