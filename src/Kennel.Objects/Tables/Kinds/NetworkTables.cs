namespace Kennel.Objects.Tables.Kinds;

static class NetworkTables
{
    const int Shown = 3; // addresses and ports before "+ N more..."

    public static readonly KindTable Service = new(
        [Column.Named, new("Type"), new("Cluster-IP"), new("External-IP"), new("Port(s)"), Column.Age, Column.Selector],
        static (o, cells) =>
        {
            var spec = o["spec"];
            cells.Name(o);
            cells.Add(spec["type"].Text);
            cells.Add(spec["clusterIPs"].Items.Select(i => i.Text).FirstOrDefault() ?? spec["clusterIP"].TextOr("<none>"));
            cells.Add(External(o));
            cells.Add(Ports(spec["ports"]));
            cells.Age(o);
            cells.Add(Selectors.Labels(spec["selector"]));
        });

    public static readonly KindTable Endpoints = new([Column.Named, new("Endpoints"), Column.Age], static (o, cells) =>
    {
        var all = o["subsets"].Items.SelectMany(s => s["ports"].Count == 0
            ? s["addresses"].Items.Select(a => a["ip"].Text)
            : s["ports"].Items.SelectMany(p => s["addresses"].Items.Select(a => $"{a["ip"].Text}:{p["port"].Text}"))).ToList();
        cells.Name(o);
        cells.Add(Some(all, "<none>"));
        cells.Age(o);
    });

    public static readonly KindTable EndpointSlice = new([Column.Named, new("AddressType"), new("Ports"), new("Endpoints"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["addressType"].Text);
        cells.Add(Some([.. o["ports"].Items.Select(p => p["port"].TextOr(p["name"].TextOr("*")))], "<unset>"));
        cells.Add(Some([.. o["endpoints"].Items.SelectMany(e => e["addresses"].Items.Select(a => a.Text))], "<unset>"));
        cells.Age(o);
    });

    public static readonly KindTable NetworkPolicy = new([Column.Named, new("Pod-Selector"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(Selectors.Text(o["spec"]["podSelector"]));
        cells.Age(o);
    });

    static string Some(List<string> all, string none) =>
        all.Count == 0 ? none : string.Join(",", all.Take(Shown)) + (all.Count > Shown ? $" + {all.Count - Shown} more..." : "");

    static string External(View o)
    {
        var spec = o["spec"];
        var fixedIps = string.Join(",", spec["externalIPs"].Items.Select(i => i.Text));
        switch (spec["type"].Text)
        {
            case "ExternalName": return spec["externalName"].Text;
            case "LoadBalancer":
                var ingress = string.Join(",", o["status"]["loadBalancer"]["ingress"].Items.Select(i => i["ip"].TextOr(i["hostname"].Text)).Distinct().Order(StringComparer.Ordinal));
                var joined = fixedIps.Length == 0 ? ingress : ingress.Length == 0 ? fixedIps : $"{ingress},{fixedIps}";
                return joined.Length == 0 ? "<pending>" : joined;
            default: return fixedIps.Length == 0 ? "<none>" : fixedIps;
        }
    }

    static string Ports(View ports) => ports.Count == 0 ? "<none>" :
        string.Join(",", ports.Items.Select(p => p["nodePort"].Number > 0 ? $"{p["port"].Number}:{p["nodePort"].Number}/{p["protocol"].TextOr("TCP")}" : $"{p["port"].Number}/{p["protocol"].TextOr("TCP")}"));
}
