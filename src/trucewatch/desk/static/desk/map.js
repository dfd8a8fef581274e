// Maps of the desk. Every fact here is also in a table of the page: the map is a second way to see it.
(() => {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const ink = dark ? "#e8ebee" : "#1b1f24";
  const colours = { ground: dark ? "#20262c" : "#eef0f2", land: dark ? "#2a3138" : "#ffffff", border: dark ? "#4a535c" : "#b8c0c8" };
  const byOutcome = ["match", ["get", "outcome"], "breach_if_true", "#c0303c", "undetermined", "#c27a10", "#3b78b5"];

  const { tiles, credit } = document.body.dataset;  // only where the dossier names a server of them
  const escaped = (words) => new Option(words).innerHTML;

  const styleOf = (layers) => ({
    version: 8,
    sources: {
      land: { type: "geojson", data: layers.land },
      ...(tiles && { tiles: { type: "raster", tiles: [tiles], tileSize: 256 } }),
      areas: { type: "geojson", data: layers.areas },
      incidents: { type: "geojson", data: layers.incidents, promoteId: "id" },
      candidates: { type: "geojson", data: layers.candidates },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colours.ground } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": colours.land, "fill-outline-color": colours.border } },
      ...(tiles ? [{ id: "tiles", type: "raster", source: "tiles" }] : []),
      { id: "areas-fill", type: "fill", source: "areas", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#6a4fb5", "fill-opacity": 0.14 } },
      { id: "areas-line", type: "line", source: "areas", paint: { "line-color": "#6a4fb5", "line-width": 1.5, "line-dasharray": [3, 2] } },
      { id: "discs", type: "circle", source: "incidents", filter: ["!", ["has", "n"]],
        paint: { "circle-color": byOutcome, "circle-opacity": 0.12, "circle-stroke-color": byOutcome, "circle-stroke-opacity": 0.35, "circle-stroke-width": 1,
          "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 4, ["*", ["get", "radius_m"], 0.00013], 16, ["*", ["get", "radius_m"], 0.53]] } },
      { id: "points", type: "circle", source: "incidents",
        paint: { "circle-color": byOutcome, "circle-stroke-color": ink, "circle-stroke-width": ["case", ["boolean", ["feature-state", "brushed"], false], 2.5, 0.6],
          "circle-radius": ["case", ["has", "n"], ["interpolate", ["linear"], ["ln", ["get", "n"]], 0, 6, 9, 26], 5.5] } },
      { id: "numbers", type: "symbol", source: "incidents", filter: ["has", "n"],
        layout: { "text-field": ["to-string", ["get", "n"]], "text-font": ["sans-serif"], "text-size": 11, "text-allow-overlap": true },
        paint: { "text-color": "#ffffff", "text-halo-color": "#1b3f63", "text-halo-width": 1 } },
      { id: "candidates", type: "circle", source: "candidates", filter: ["!", ["has", "stands"]],
        paint: { "circle-color": "#0b5cad", "circle-opacity": 0.08, "circle-radius": 10, "circle-stroke-color": dark ? "#7cb7f2" : "#0b5cad", "circle-stroke-width": ["interpolate", ["linear"], ["get", "weight"], 0, 0.8, 1, 4] } },
      { id: "stands", type: "circle", source: "candidates", filter: ["has", "stands"],
        paint: { "circle-color": dark ? "#7cb7f2" : "#0b5cad", "circle-stroke-color": ink, "circle-stroke-width": 1, "circle-radius": 6 } },
    ],
  });

  const start = async (box) => {
    const config = box.dataset;
    maplibregl.setWorkerUrl(config.worker);
    const empty = { type: "FeatureCollection", features: [] };
    const map = new maplibregl.Map({
      container: box, attributionControl: false, cooperativeGestures: true,
      style: styleOf({ land: config.land, areas: config.areas || empty, incidents: empty, candidates: config.candidates || empty }),
      bounds: (config.bounds || document.body.dataset.home || "-150,-55,170,72").split(",").map(Number), fitBoundsOptions: { padding: 24 },
    });
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
    map.addControl(new maplibregl.AttributionControl({ customAttribution: `${credit ? `${escaped(credit)}; ` : ""}Natural Earth; GeoNames CC BY 4.0`, compact: true }));
    box.setAttribute("role", "application");
    const load = async () => {
      if (!config.points) return;
      box.dataset.box = [map.getBounds().getWest(), map.getBounds().getSouth(), map.getBounds().getEast(), map.getBounds().getNorth()].map((x) => x.toFixed(4)).join(",");
      const join = config.points.includes("?") ? "&" : "?";
      const at = `${config.points}${join}bbox=${box.dataset.box}&zoom=${Math.floor(map.getZoom())}`;
      const answer = await fetch(at, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const found = await answer.json();
      map.getSource("incidents")?.setData(found);
      box.dataset.shown = String(found.features.length);
    };
    map.on("load", () => { load(); box.dataset.ready = "1"; });
    map.on("moveend", load);
    // the list was asked for anew: the map shows the same incidents
    if (config.brush) document.addEventListener("htmx:afterSettle", () => {
      const points = document.querySelector("#beside")?.dataset.points;
      if (!points || points === box.dataset.points) return;
      box.dataset.points = points;
      load();
    });
    map.on("mousemove", "points", (event) => {
      const row = document.querySelector(`[data-incident="${CSS.escape(event.features[0].properties.id || "")}"]`);
      document.querySelectorAll("tr.brushed").forEach((other) => other !== row && other.classList.remove("brushed"));
      row?.classList.add("brushed");
    });
    map.on("click", "points", (event) => {
      if (config.pick) return;
      const found = event.features[0].properties;
      if (found.n) map.easeTo({ center: event.lngLat, zoom: map.getZoom() + 2 });
      else location.assign(`/incidents/${found.id}/`);
    });
    for (const name of ["mouseenter", "mouseleave"]) map.on(name, "points", () => { map.getCanvas().style.cursor = name === "mouseenter" ? "pointer" : ""; });
    if (config.pick) {
      const marker = new maplibregl.Marker({ color: "#0b5cad" });
      const form = document.querySelector(config.pick);
      const fill = (words) => {
        for (const [name, value] of Object.entries(words)) {
          if (!form.elements[name]) continue;
          form.elements[name].value = value;
          form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
        }
      };
      const show = (lngLat) => marker.setLngLat(lngLat).addTo(map);
      map.on("click", (event) => {
        const ring = map.queryRenderedFeatures(event.point, { layers: ["candidates"] })[0];
        const at = ring ? { lng: ring.geometry.coordinates[0], lat: ring.geometry.coordinates[1] } : event.lngLat;
        show(at);
        const own = ring && ring.properties;
        if (own) fill({ index: own.index, name: own.name, radius_m: Math.round(own.radius_m) });
        fill({ lat: at.lat.toFixed(5), lon: at.lng.toFixed(5), place_id: own ? own.place_id : "" });
      });
      form.elements.index?.addEventListener("change", () => fill({ name: form.elements.index.selectedOptions[0].dataset.name, lat: "", lon: "", place_id: "" }));
      document.addEventListener("click", (event) => {
        const taken = event.target.closest?.("button[data-take]")?.dataset;
        if (!taken) return;
        show([Number(taken.lon), Number(taken.lat)]);
        fill({ index: taken.take, name: taken.name, lat: taken.lat, lon: taken.lon, radius_m: taken.radius, place_id: taken.place });
        form.elements.reason.focus();
      });
    }
    // brushing: a row of the list under the pointer or the focus marks its point, and the other way round
    document.addEventListener("focusin", (event) => mark(event.target));
    document.addEventListener("mouseover", (event) => mark(event.target));
    let last = null;
    const mark = (target) => {
      const row = target.closest?.("[data-incident]");
      if (!row || row.dataset.incident === last) return;
      if (last) map.setFeatureState({ source: "incidents", id: last }, { brushed: false });
      last = row.dataset.incident;
      map.setFeatureState({ source: "incidents", id: last }, { brushed: true });
    };
  };
  addEventListener("DOMContentLoaded", () => document.querySelectorAll(".map[data-land]").forEach(start));
})();
