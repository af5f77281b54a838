/* Packs a folder as a zip without compression, without reading it into memory: the zip is made of the files themselves and
   of the headers between them. The same folder gives the same bytes, so that an upload of it can go on.

   Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 to 4.3.16 and 4.5.3 (zip64). */

// What programs leave in folders, and nobody means to upload.
const NOT_PACKED = [".git", ".DS_Store", "Thumbs.db", "__MACOSX"];
const VERSION = 20;
const VERSION_ZIP64 = 45;
const FLAG_UTF8 = 0x0800;
// The first day that a zip can tell, 1980-01-01, of every file: a copied folder has other times.
const FIRST_DAY = 0x0021;
const FIELD_MAX = 0xffffffff;
const COUNT_MAX = 0xffff;
const ZIP64_EXTRA = 0x0001;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, number) => {
  let crc = number;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/* Bytes of numbers, little endian: each is [how many bytes, the number]. */
function bytesOf(...fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [length]) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let place = 0;
  for (const [length, number] of fields) {
    if (length === 8) view.setBigUint64(place, BigInt(number), true);
    else if (length === 4) view.setUint32(place, number, true);
    else view.setUint16(place, number, true);
    place += length;
  }
  return bytes;
}

/* Pairs of path and file, without the folder's own name and what nobody means, by path. */
function listPacked(files) {
  const named = [...files].map((file) => [file.webkitRelativePath.split("/").slice(1).join("/"), file]);
  const meant = named.filter(([path]) => !path.split("/").some((part) => NOT_PACKED.includes(part)));
  return meant.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

async function crcOf(file, signal, noteBytes) {
  let crc = 0xffffffff;
  const reader = file.stream().getReader();
  for (;;) {
    signal.throwIfAborted();
    const { done, value } = await reader.read();
    if (done) return (crc ^ 0xffffffff) >>> 0;
    for (const byte of value) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    noteBytes(value.length);
  }
}

/* What the header before a file and the entry in the directory have in common. */
function describe(entry, isLarge) {
  const size = isLarge ? FIELD_MAX : entry.size;
  return [
    [2, isLarge ? VERSION_ZIP64 : VERSION], [2, FLAG_UTF8], [2, 0], [2, 0], [2, FIRST_DAY],
    [4, entry.crc], [4, size], [4, size], [2, entry.name.length],
  ];
}

function headerOf(entry) {
  const isLarge = entry.size >= FIELD_MAX;
  const extra = isLarge ? bytesOf([2, ZIP64_EXTRA], [2, 16], [8, entry.size], [8, entry.size]) : new Uint8Array();
  return [bytesOf([4, 0x04034b50], ...describe(entry, isLarge), [2, extra.length]), entry.name, extra];
}

function directoryEntryOf(entry) {
  const isLarge = entry.size >= FIELD_MAX || entry.start >= FIELD_MAX;
  const extra = isLarge
    ? bytesOf([2, ZIP64_EXTRA], [2, 24], [8, entry.size], [8, entry.size], [8, entry.start])
    : new Uint8Array();
  const fixed = bytesOf(
    [4, 0x02014b50], [2, isLarge ? VERSION_ZIP64 : VERSION], ...describe(entry, isLarge), [2, extra.length],
    [2, 0], [2, 0], [2, 0], [4, 0], [4, isLarge ? FIELD_MAX : entry.start],
  );
  return [fixed, entry.name, extra];
}

function endOf(count, start, bytes) {
  const isLarge = count >= COUNT_MAX || start >= FIELD_MAX || bytes >= FIELD_MAX;
  const end = bytesOf(
    [4, 0x06054b50], [2, 0], [2, 0], [2, isLarge ? COUNT_MAX : count], [2, isLarge ? COUNT_MAX : count],
    [4, isLarge ? FIELD_MAX : bytes], [4, isLarge ? FIELD_MAX : start], [2, 0],
  );
  if (!isLarge) return [end];
  const record = bytesOf(
    [4, 0x06064b50], [8, 44], [2, VERSION_ZIP64], [2, VERSION_ZIP64], [4, 0], [4, 0], [8, count], [8, count],
    [8, bytes], [8, start],
  );
  return [record, bytesOf([4, 0x07064b50], [4, 0], [8, start + bytes], [4, 1]), end];
}

const lengthOf = (pieces) => pieces.reduce((sum, piece) => sum + piece.length, 0);

/* A zip of a folder's files, named like the folder. Each file is read once for its checksum. */
async function packFolder(files, signal, tell) {
  const packed = listPacked(files);
  if (!packed.length) throw new Error("The folder has no files.");
  const totalBytes = packed.reduce((sum, [, file]) => sum + file.size, 0);
  let [readBytes, toldSteps] = [0, 0];
  const noteBytes = (bytes) => {
    readBytes += bytes;
    const steps = Math.floor((readBytes / totalBytes) * 10);
    if (steps > toldSteps) tell(`Reading the folder: ${steps * 10} %.`);
    toldSteps = Math.max(steps, toldSteps);
  };
  tell("Reading the folder …");
  const [pieces, directory] = [[], []];
  let start = 0;
  for (const [path, file] of packed) {
    const crc = await crcOf(file, signal, noteBytes);
    const entry = { name: new TextEncoder().encode(path), size: file.size, crc, start };
    const header = headerOf(entry);
    pieces.push(...header, file);
    start += lengthOf(header) + file.size;
    directory.push(...directoryEntryOf(entry));
  }
  const end = endOf(packed.length, start, lengthOf(directory));
  const name = `${files[0].webkitRelativePath.split("/")[0]}.zip`;
  const lastModified = Math.max(...packed.map(([, file]) => file.lastModified));
  return new File([...pieces, ...directory, ...end], name, { lastModified, type: "application/zip" });
}
