// Opens pages in a browser that runs already, signed in, and has Lighthouse judge the access of each as it stands.
// Usage: node lighthouse.mjs PORT URL...; prints a JSON line for each.
//
// Its own way of opening a page waits ten seconds and more for measurements of speed, which nobody asks for here.

import { snapshot } from "lighthouse";
import puppeteer from "puppeteer-core";

const [port, ...urls] = process.argv.slice(2);
const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
const page = await browser.newPage();
try {
  for (const url of urls) {
    await page.goto(url, { waitUntil: "load" });
    const { lhr } = await snapshot(page, { flags: { onlyCategories: ["accessibility"], logLevel: "silent" } });
    const { score, auditRefs } = lhr.categories.accessibility;
    const weighed = auditRefs.filter((each) => each.weight).map((each) => lhr.audits[each.id]);
    const faults = weighed
      .filter((each) => each.score !== null && each.score < 1)
      .map((each) => `${each.title}: ${JSON.stringify(each.details?.items ?? []).slice(0, 600)}`);
    const passed = weighed.filter((each) => each.score === 1).length;
    console.log(JSON.stringify({ url: lhr.finalDisplayedUrl, score, faults, passed }));
  }
} finally {
  await page.close();
  await browser.disconnect();
}
