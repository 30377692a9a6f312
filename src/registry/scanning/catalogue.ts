import type { FindingSeverity } from "../../protocol/ecr/enums.js";

/**
 * A vulnerability, as far as made-up findings need it. Synthetic: sample data modelled on public vulnerabilities. Names, versions, scores and
 * dates are there to look like what a scanner says; they come from no vulnerability database and decide nothing about real software.
 */
export interface CatalogueEntry {
  readonly name: string;
  readonly severity: FindingSeverity;
  readonly package: string;
  readonly packageManager: "OS" | "NODEPKG" | "JAR" | "PYTHONPKG";
  readonly version: string;
  /** Absent where no fixed version is known. */
  readonly fixedInVersion?: string;
  readonly score: number;
  readonly vector: string;
  readonly publishedAt: string;
  readonly description: string;
  readonly exploitAvailable?: boolean;
}

const REMOTE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U";
const LOCAL = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U";

type Packaged = Pick<CatalogueEntry, "packageManager" | "package" | "version" | "fixedInVersion">;

const packaged = (
  packageManager: CatalogueEntry["packageManager"],
  name: string,
  version: string,
  fixedInVersion?: string,
): Packaged => ({ packageManager, package: name, version, ...(fixedInVersion !== undefined && { fixedInVersion }) });

const scored = (score: number, vector: string): Pick<CatalogueEntry, "score" | "vector"> => ({ score, vector });

/** What the synthetic scanner picks from. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    name: "CVE-2021-44228",
    severity: "CRITICAL",
    ...packaged("JAR", "log4j-core", "2.14.1", "2.15.0"),
    ...scored(10, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"),
    publishedAt: "2021-12-10",
    description:
      "Log4j resolves lookups in logged text, so that a message can make it load and run code from a remote server.",
    exploitAvailable: true,
  },
  {
    name: "CVE-2021-3711",
    severity: "CRITICAL",
    ...packaged("OS", "openssl", "1.1.1d-0+deb10u6", "1.1.1d-0+deb10u7"),
    ...scored(9.8, `${REMOTE}/C:H/I:H/A:H`),
    publishedAt: "2021-08-24",
    description: "OpenSSL computes too small a buffer for decrypted SM2 data, which a sender can overflow.",
  },
  {
    name: "CVE-2022-37434",
    severity: "CRITICAL",
    ...packaged("OS", "zlib", "1.2.12-r1", "1.2.12-r2"),
    ...scored(9.8, `${REMOTE}/C:H/I:H/A:H`),
    publishedAt: "2022-08-05",
    description: "zlib reads or writes beyond a heap buffer when inflate meets a large extra field in a gzip header.",
  },
  {
    name: "CVE-2023-38545",
    severity: "CRITICAL",
    ...packaged("OS", "curl", "8.2.1-r0", "8.4.0-r0"),
    ...scored(9.8, `${REMOTE}/C:H/I:H/A:H`),
    publishedAt: "2023-10-18",
    description: "curl overflows a heap buffer when it hands a long host name to a SOCKS5 proxy.",
    exploitAvailable: true,
  },
  {
    name: "CVE-2021-44906",
    severity: "CRITICAL",
    ...packaged("NODEPKG", "minimist", "1.2.5", "1.2.6"),
    ...scored(9.8, `${REMOTE}/C:H/I:H/A:H`),
    publishedAt: "2022-03-17",
    description: "minimist lets command-line arguments change the prototype of every object.",
  },
  {
    name: "CVE-2022-0778",
    severity: "HIGH",
    ...packaged("OS", "openssl", "1.1.1l-r7", "1.1.1n-r0"),
    ...scored(7.5, `${REMOTE}/C:N/I:N/A:H`),
    publishedAt: "2022-03-15",
    description: "OpenSSL loops without end on a certificate with malformed elliptic-curve parameters.",
  },
  {
    name: "CVE-2023-4911",
    severity: "HIGH",
    ...packaged("OS", "glibc", "2.36-9+deb12u1", "2.36-9+deb12u3"),
    ...scored(7.8, `${LOCAL}/C:H/I:H/A:H`),
    publishedAt: "2023-10-03",
    description: "The dynamic loader overflows a buffer while it reads GLIBC_TUNABLES, which gives a local user root.",
    exploitAvailable: true,
  },
  {
    name: "CVE-2021-3156",
    severity: "HIGH",
    ...packaged("OS", "sudo", "1.8.27-1+deb10u2", "1.8.27-1+deb10u3"),
    ...scored(7.8, `${LOCAL}/C:H/I:H/A:H`),
    publishedAt: "2021-01-26",
    description: "sudo overflows a heap buffer on an argument that ends in a backslash, which gives a local user root.",
    exploitAvailable: true,
  },
  {
    name: "CVE-2018-25032",
    severity: "HIGH",
    ...packaged("OS", "zlib", "1.2.11.dfsg-1", "1.2.11.dfsg-1+deb10u1"),
    ...scored(7.5, `${REMOTE}/C:N/I:N/A:H`),
    publishedAt: "2022-03-25",
    description: "zlib corrupts memory when it deflates input with many distant matches.",
  },
  {
    name: "CVE-2023-44487",
    severity: "HIGH",
    ...packaged("OS", "nghttp2", "1.52.0-1", "1.52.0-1+deb12u1"),
    ...scored(7.5, `${REMOTE}/C:N/I:N/A:H`),
    publishedAt: "2023-10-10",
    description: "An HTTP/2 client that opens and resets streams rapidly exhausts the server.",
    exploitAvailable: true,
  },
  {
    name: "CVE-2022-1271",
    severity: "HIGH",
    ...packaged("OS", "gzip", "1.9-3", "1.9-3+deb10u1"),
    ...scored(8.8, "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"),
    publishedAt: "2022-08-31",
    description: "zgrep can be made to overwrite any file by a file name with two or more newlines.",
  },
  {
    name: "CVE-2023-0286",
    severity: "HIGH",
    ...packaged("OS", "openssl", "3.0.7-r0", "3.0.8-r0"),
    ...scored(7.4, "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:H"),
    publishedAt: "2023-02-08",
    description: "OpenSSL confuses the type of an X.400 address in a certificate, which can disclose memory.",
  },
  {
    name: "CVE-2021-23337",
    severity: "HIGH",
    ...packaged("NODEPKG", "lodash", "4.17.20", "4.17.21"),
    ...scored(7.2, "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"),
    publishedAt: "2021-02-15",
    description: "The template function of lodash runs code that is given to it as a variable name.",
  },
  {
    name: "CVE-2022-25883",
    severity: "HIGH",
    ...packaged("NODEPKG", "semver", "7.3.8", "7.5.2"),
    ...scored(7.5, `${REMOTE}/C:N/I:N/A:H`),
    publishedAt: "2023-06-21",
    description: "A range of untrusted origin makes a regular expression of semver run for very long.",
  },
  {
    name: "CVE-2023-29491",
    severity: "HIGH",
    ...packaged("OS", "ncurses", "6.4-2", "6.4-4"),
    ...scored(7.8, `${LOCAL}/C:H/I:H/A:H`),
    publishedAt: "2023-04-14",
    description: "A local user corrupts the memory of a privileged program through a malformed terminfo database.",
  },
  {
    name: "CVE-2016-2781",
    severity: "MEDIUM",
    ...packaged("OS", "coreutils", "8.32-4"),
    ...scored(6.5, "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:C/C:N/I:H/A:N"),
    publishedAt: "2017-02-07",
    description: "chroot with a user specification lets a program push input into the terminal of its parent session.",
  },
  {
    name: "CVE-2019-25013",
    severity: "MEDIUM",
    ...packaged("OS", "glibc", "2.28-10", "2.28-10+deb10u2"),
    ...scored(5.9, "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H"),
    publishedAt: "2021-01-04",
    description: "iconv reads beyond its buffer on invalid input in the EUC-KR encoding.",
  },
  {
    name: "CVE-2022-48303",
    severity: "MEDIUM",
    ...packaged("OS", "tar", "1.34+dfsg-1", "1.34+dfsg-1.2"),
    ...scored(5.5, "CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H"),
    publishedAt: "2023-01-30",
    description: "tar reads one byte too many from an archive whose checksum field is malformed.",
  },
  {
    name: "CVE-2023-32681",
    severity: "MEDIUM",
    ...packaged("PYTHONPKG", "requests", "2.28.2", "2.31.0"),
    ...scored(6.1, "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N"),
    publishedAt: "2023-05-26",
    description: "requests sends the Proxy-Authorization header to the destination after a redirect to HTTPS.",
  },
  {
    name: "CVE-2020-11023",
    severity: "MEDIUM",
    ...packaged("NODEPKG", "jquery", "3.4.1", "3.5.0"),
    ...scored(6.1, "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"),
    publishedAt: "2020-04-29",
    description: "HTML with option elements runs scripts when it is passed to a DOM method of jQuery, even sanitised.",
  },
  {
    name: "CVE-2011-3374",
    severity: "LOW",
    ...packaged("OS", "apt", "2.2.4"),
    ...scored(3.7, "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N"),
    publishedAt: "2019-11-26",
    description: "apt-key does not check imported keys against the master keyring.",
  },
  {
    name: "CVE-2013-4235",
    severity: "LOW",
    ...packaged("OS", "shadow", "1:4.8.1-1"),
    ...scored(4.7, "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:N/I:H/A:N"),
    publishedAt: "2019-12-03",
    description: "A directory tree that is copied or removed can be exchanged between the check and the use.",
  },
  {
    name: "CVE-2010-4756",
    severity: "INFORMATIONAL",
    ...packaged("OS", "glibc", "2.31-13"),
    ...scored(4, "AV:N/AC:L/Au:S/C:N/I:N/A:P"),
    publishedAt: "2011-03-02",
    description: "glob expands a crafted pattern for very long.",
  },
];
