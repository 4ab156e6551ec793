/* Swagger UI on the page of the API.
 *
 * url - address of the description
 */
lesznoNgo.component("api-console", {
  initialize: function () {
    var viewer = window.SwaggerUIBundle;
    var place = this.el;
    viewer({
      url: this.options.url,
      domNode: place,
      presets: [viewer.presets.apis],
      deepLinking: true,
      docExpansion: "none",
      validatorUrl: null,
      // The page has its main part already; the viewer's is within it.
      onComplete: function () {
        place.querySelectorAll("main, [role=main]").forEach(function (part) {
          part.setAttribute("role", "presentation");
        });
      },
    });
  },
});
