// Signs people in on a server, with the printed file oidc.go beside it.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log"
	"net/http"
	"os"

	"golang.org/x/oauth2"
)

func main() {
	tokens, err := discover(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/login", func(response http.ResponseWriter, request *http.Request) {
		state, verifier := rand.Text(), oauth2.GenerateVerifier()
		keep(response, "example-state", state)
		keep(response, "example-verifier", verifier)
		http.Redirect(response, request, begin(state, verifier), http.StatusFound)
	})
	http.HandleFunc("/callback", func(response http.ResponseWriter, request *http.Request) {
		state, verifier := kept(request, "example-state"), kept(request, "example-verifier")
		if state == "" || request.FormValue("state") != state {
			http.Error(response, "this is not the sign-in that this browser has begun", http.StatusBadRequest)
			return
		}
		token, err := finish(request.Context(), tokens, request.FormValue("code"), verifier)
		if err != nil {
			http.Error(response, err.Error(), http.StatusBadGateway)
			return
		}
		var claims map[string]any
		if err := token.Claims(&claims); err != nil {
			http.Error(response, err.Error(), http.StatusBadGateway)
			return
		}
		// A real server begins a session here.
		json.NewEncoder(response).Encode(claims)
	})
	http.Handle("/", http.RedirectHandler("/login", http.StatusFound))
	log.Fatal(http.ListenAndServe("localhost:"+os.Getenv("PORT"), nil))
}

func keep(response http.ResponseWriter, name, value string) {
	http.SetCookie(response, &http.Cookie{Name: name, Value: value, Path: "/callback", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func kept(request *http.Request, name string) string {
	cookie, err := request.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}
