// `courier.mjs` as a process of its own, on servers of one's own: the wire is its standard input, its
// argument says what may be asked, and what was asked is told at its end.

import { Socket } from "node:net";
import { carry } from "./function/courier.mjs";

const wire = new Socket({ fd: 0, readable: true, writable: true });
const made = await carry(wire, { ...JSON.parse(process.argv[2]), mayLoop: true });
process.stdout.write(JSON.stringify(made), () => process.exit());
