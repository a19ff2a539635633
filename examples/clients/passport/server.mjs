/** Signs people in on Express with Passport, with the printed file beside it. */
import { randomUUID } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import './passport.mjs';

const app = express();
app.use(session({ name: 'example', secret: randomUUID(), resave: false, saveUninitialized: false }));
app.use(passport.session());
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

app.get('/login', passport.authenticate('sallyport'));
app.get('/callback', passport.authenticate('sallyport', { successRedirect: '/', failureRedirect: '/failed' }));
app.get('/', ({ user }, response) => (user === undefined ? response.redirect('/login') : response.json(user)));
app.listen(Number(process.env.PORT ?? 3000), 'localhost');
