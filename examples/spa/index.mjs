/** Bundles app.js, and serves it as any web server would. `/callback` is the same page: it has no file of its own. */
import { context } from 'esbuild';

const { ISSUER, CLIENT_ID, PORT = '4000' } = process.env;
const bundle = await context({
  entryPoints: ['app.js'],
  bundle: true,
  format: 'esm',
  outdir: 'public',
  // Served from memory.
  write: false,
  define: { ISSUER: JSON.stringify(ISSUER), CLIENT_ID: JSON.stringify(CLIENT_ID) },
});
await bundle.serve({ servedir: 'public', fallback: 'public/index.html', host: '127.0.0.1', port: Number(PORT) });
console.log(`Open http://localhost:${PORT}`);
