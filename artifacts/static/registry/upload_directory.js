/* Reads the directory at the end of a zip, so that what the registry would refuse is not sent first.

   The registry judges again, and in more detail; what is not understood here is let through.
   Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16, 4.4.4 and 4.4.5. */

const END_BYTES = 22;
const COMMENT_MAX_BYTES = 65_535;
const ZIP64_END_BYTES = 56;
const ZIP64_LOCATOR_BYTES = 20;
const ENTRY_BYTES = 46;
const DIRECTORY_MAX_BYTES = 50_000_000;
const SIGNATURES = { entry: 0x02014b50, end: 0x06054b50, zip64End: 0x06064b50 };
// Stored and Deflate are unpacked; of the others, those that programs use today.
const METHODS_TAKEN = [0, 8];
const METHODS_NAMED = {
  1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd",
};

async function viewOf(file, start, end) {
  return new DataView(await file.slice(start, end).arrayBuffer());
}

/* Where the directory lies: [start, end]; null if there is none. */
async function findDirectory(file) {
  const tail = await viewOf(file, Math.max(0, file.size - END_BYTES - COMMENT_MAX_BYTES), file.size);
  let place = tail.byteLength - END_BYTES;
  while (place >= 0 && tail.getUint32(place, true) !== SIGNATURES.end) place -= 1;
  if (place < 0) return null;
  const end = file.size - tail.byteLength + place;
  const bytes = tail.getUint32(place + 12, true);
  const zip64 = end - ZIP64_LOCATOR_BYTES - ZIP64_END_BYTES;
  if (zip64 >= 0) {
    const record = await viewOf(file, zip64, zip64 + ZIP64_END_BYTES);
    const isRecord = record.getUint32(0, true) === SIGNATURES.zip64End;
    if (isRecord) return [zip64 - Number(record.getBigUint64(40, true)), zip64];
  }
  return [end - bytes, end];
}

/* The entries of a zip's directory; null if there is no zip, [] if it is too large or strange to be read here. */
async function readEntries(file) {
  const found = await findDirectory(file);
  if (!found) return null;
  const [start, end] = found;
  if (start < 0 || end - start > DIRECTORY_MAX_BYTES) return [];
  const view = await viewOf(file, start, end);
  const entries = [];
  for (let place = 0; place + ENTRY_BYTES <= view.byteLength; ) {
    if (view.getUint32(place, true) !== SIGNATURES.entry) return [];
    const [flags, method] = [view.getUint16(place + 8, true), view.getUint16(place + 10, true)];
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((at) => view.getUint16(place + at, true));
    const name = new TextDecoder().decode(view.buffer.slice(place + ENTRY_BYTES, place + ENTRY_BYTES + nameBytes));
    entries.push({ flags, method, name });
    place += ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/* Says why the registry would refuse a zip, as far as its directory tells; "" if nothing is known. */
async function findRefusal(file) {
  const entries = await readEntries(file);
  if (!entries) return "This is no zip, or a broken one. Make it again.";
  for (const { flags, method, name } of entries) {
    if (flags & 1) return `The file "${name}" in the zip is encrypted. Pack it without a password.`;
    if (!METHODS_TAKEN.includes(method)) {
      const called = METHODS_NAMED[method] ?? `number ${method}`;
      const advice = "Pack the folder again with the method Deflate or without compression.";
      return `The file "${name}" in the zip is packed by the method ${called}, which is not unpacked here. ${advice}`;
    }
  }
  return "";
}
