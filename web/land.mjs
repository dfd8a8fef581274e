// Country outlines for the base map, from Natural Earth 1:50m (public domain) as the world-atlas package carries them.
// Two decimals are about a kilometre: as fine as the outlines themselves.
import { readFileSync, writeFileSync } from "node:fs";
import { feature } from "topojson-client";

const atlas = JSON.parse(readFileSync("node_modules/world-atlas/countries-50m.json", "utf8"));
const round = (x) => (Array.isArray(x) ? x.map(round) : Math.round(x * 100) / 100);
const thin = (ring) => ring.filter((p, i) => i === 0 || i === ring.length - 1 || p[0] !== ring[i - 1][0] || p[1] !== ring[i - 1][1]);
const rings = (polygon) => polygon.map((ring) => thin(round(ring))).filter((ring) => ring.length > 3);
const features = feature(atlas, atlas.objects.countries).features
  .filter((f) => f.geometry)
  .map((f) => {
    const many = f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates;
    const coordinates = many.map(rings).filter((polygon) => polygon.length);
    return { type: "Feature", properties: { name: f.properties.name }, geometry: { type: "MultiPolygon", coordinates } };
  });
writeFileSync(process.argv[2], JSON.stringify({ type: "FeatureCollection", features }));
