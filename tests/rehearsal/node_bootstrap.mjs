// A runtime client of Lambda for Node.js: loads a handler, asks for events, answers them.
//
// Arguments: the folder of the code, and the handler as `file.function`.
// Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

import http from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , task, named] = process.argv;
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");

const ask = (method, path, body) =>
  new Promise((resolve, reject) => {
    const request = http.request(
      { host, port, method, path: `/2018-06-01/runtime/${path}`, agent: false },
      (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => resolve({ headers: answer.headers, text: Buffer.concat(chunks).toString() }));
      },
    );
    request.on("error", reject);
    request.end(body);
  });

const told = (error) => JSON.stringify({ errorType: error.name, errorMessage: error.message });

const [file, name] = named.split(".");
let handler;
try {
  ({ [name]: handler } = await import(pathToFileURL(join(task, `${file}.mjs`))));
} catch (error) {
  await ask("POST", "init/error", told(error));
  throw error;
}
for (;;) {
  const { headers, text } = await ask("GET", "invocation/next");
  const id = headers["lambda-runtime-aws-request-id"];
  const path = `invocation/${id}`;
  console.log(`START RequestId: ${id}`);
  try {
    await ask("POST", `${path}/response`, JSON.stringify((await handler(JSON.parse(text))) ?? null));
  } catch (error) {
    console.error(error);
    await ask("POST", `${path}/error`, told(error));
  }
}
