// A bar chart as SVG.

const ROW = 26;
const LEFT = 70;
const RIGHT = 150;
const WIDTH = 860;
const TOP = 78;

export function barChart(airports, flights) {
  const height = TOP + airports.length * ROW + 44;
  const most = Math.max(...airports.map(({ mean }) => mean));
  const scale = (WIDTH - LEFT - RIGHT) / most;
  const bars = airports.map(({ origin, mean, flights: count, late }, i) => {
    const y = TOP + i * ROW;
    const width = (mean * scale).toFixed(1);
    const share = ((100 * late) / count).toFixed(0);
    return [
      `<text x="${LEFT - 10}" y="${y + 15}" text-anchor="end" class="name">${origin}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${width}" height="${ROW - 7}" rx="3" fill="hsl(${(12 + 28 * (1 - mean / most)).toFixed(0)} 78% 52%)"/>`,
      `<text x="${LEFT + Number(width) + 8}" y="${y + 14}" class="value">${mean.toFixed(1)} min · ${share} % late</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Helvetica, Arial, sans-serif">
<style>.title{font-size:20px;font-weight:bold}.sub{font-size:13px;fill:#555}.name{font-size:13px;font-weight:bold}.value{font-size:12px;fill:#333}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="20" y="34" class="title">The twenty worst airports to leave from</text>
<text x="20" y="56" class="sub">Mean delay in minutes over ${flights.toLocaleString('en-US')} US flights; late means 15 minutes or more; airports with 1,000 flights and up</text>
${bars.join('\n')}
<text x="20" y="${height - 16}" class="sub">Data: flights-3m of vega-datasets. Computed by one Windrow job.</text>
</svg>
`;
}
