const BLOCK_BYTES = 512;

/** A tar archive of one file. documented: POSIX ustar interchange format. */
export function tarOf(path: string, bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(BLOCK_BYTES);
  const put = (at: number, text: string): void => void header.write(text, at, "latin1");
  const octal = (at: number, width: number, value: number): void =>
    put(at, `${value.toString(8).padStart(width - 1, "0")}\0`);
  put(0, path);
  octal(100, 8, 0o755);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, bytes.byteLength);
  octal(136, 12, 0);
  put(156, "0");
  put(257, "ustar\0");
  put(263, "00");
  // The checksum is counted with its own field as spaces.
  put(148, " ".repeat(8));
  put(
    148,
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
  );
  const padding = Buffer.alloc((BLOCK_BYTES - (bytes.byteLength % BLOCK_BYTES)) % BLOCK_BYTES);
  return Buffer.concat([header, bytes, padding, Buffer.alloc(2 * BLOCK_BYTES)]);
}
