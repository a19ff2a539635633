/** Serves the page and its scripts, as any web server does. Each path without a file is the page. */
import express from 'express';

const app = express();
app.use(express.static('.'));
app.use((_request, response) => response.sendFile('index.html', { root: '.' }));
app.listen(Number(process.env.PORT ?? 3000), 'localhost');
