"use strict";
(async () => {
  const { document: content, roots } = JSON.parse(document.getElementById("bokeh-document").textContent);

  // A chart is laid out for the screen and cannot follow a change of paper in time: paper gets a picture of it.
  const takePictures = () => {
    for (const [root, place] of Object.entries(roots)) {
      const drawing = Bokeh.index[root].export("svg").ctx.get_serialized_svg(true);
      const plot = document.getElementById(place);
      let picture = plot.nextElementSibling;
      if (picture === null) {
        picture = document.createElement("img");
        picture.className = "printed";
        picture.alt = plot.getAttribute("aria-label");
        plot.after(picture);
      }
      picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(drawing);
    }
    document.body.classList.add("pictured");
  };

  await Bokeh.embed.embed_items({ charts: content }, [{ docid: "charts", roots, root_ids: Object.keys(roots) }]);
  addEventListener("beforeprint", takePictures);
  document.body.dataset.charts = "drawn";
})();
