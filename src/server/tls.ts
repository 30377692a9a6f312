import { createPrivateKey, X509Certificate } from "node:crypto";
import { EcrError } from "../errors.js";

/** What a server proves with who it is. */
export interface TlsOptions {
  /** The certificate in PEM, followed by those that lead from it to one that clients trust, if there are any. */
  readonly cert: string | Uint8Array;
  /** Its private key in PEM, without a passphrase. */
  readonly key: string | Uint8Array;
}

/** @throws {EcrError} kind `InvalidParameter` when one of the two is not what it should be, or they do not belong together */
export function requireTls({ cert, key }: TlsOptions): void {
  const certificate = parsed("cert", "a certificate in PEM", () => {
    if (!textOf(cert).includes("-----BEGIN CERTIFICATE-----")) throw new Error("it holds none");
    return new X509Certificate(cert);
  });
  const privateKey = parsed("key", "a private key in PEM, without a passphrase", () => createPrivateKey(textOf(key)));
  if (!certificate.checkPrivateKey(privateKey))
    throw refuse("key", `that of the certificate for ${nameOf(certificate)}, it is another one`);
}

const textOf = (pem: string | Uint8Array): string => (typeof pem === "string" ? pem : Buffer.from(pem).toString());

const nameOf = ({ subject, subjectAltName }: X509Certificate): string =>
  (subjectAltName ?? subject ?? "nobody").replaceAll("\n", ", ");

function parsed<T>(option: string, expected: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    // What the reader says names the format, never what was in the file.
    throw refuse(option, `${expected}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const refuse = (option: string, problem: string): EcrError =>
  new EcrError(`listen: \`tls.${option}\` must be ${problem}`, { kind: "InvalidParameter" });
