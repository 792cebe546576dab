namespace Kennel.Objects.Tables.Kinds;

/// <summary>Quotas, autoscalers, ingresses and classes.</summary>
static class PolicyTables
{
    /// <summary>So many metrics of an autoscaler are shown.</summary>
    const int Shown = 2;

    public static readonly KindTable Quota = new([Column.Named, new("Request"), new("Limit"), Column.Age], static (o, cells) =>
    {
        var status = o["status"];
        var all = status["hard"].Fields.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => (h.Key, Text: $"{h.Key}: {status["used"][h.Key].TextOr("0")}/{h.Value.Text}")).ToList();
        cells.Name(o);
        cells.Add(string.Join(", ", all.Where(a => !IsLimit(a.Key)).Select(a => a.Text)));
        cells.Add(string.Join(", ", all.Where(a => IsLimit(a.Key)).Select(a => a.Text)));
        cells.Age(o);
    });

    public static readonly KindTable Autoscaler = new(
        [Column.Named, new("Reference"), new("Targets"), new("MinPods"), new("MaxPods"), new("Replicas"), Column.Age],
        static (o, cells) =>
        {
            var spec = o["spec"];
            cells.Name(o);
            cells.Add($"{spec["scaleTargetRef"]["kind"].Text}/{spec["scaleTargetRef"]["name"].Text}");
            cells.Add(Targets(spec["metrics"], o["status"]["currentMetrics"]));
            cells.Add(spec["minReplicas"].TextOr("<unset>"));
            cells.Add(spec["maxReplicas"].TextOr("0"));
            cells.Add(o["status"]["currentReplicas"].TextOr("0"));
            cells.Age(o);
        });

    public static readonly KindTable Ingress = new([Column.Named, new("Class"), new("Hosts"), new("Address"), new("Ports"), Column.Age], static (o, cells) =>
    {
        List<string> hosts = [.. o["spec"]["rules"].Items.Select(r => r["host"].Text).Where(h => h.Length > 0)];
        cells.Name(o);
        cells.Add(o["spec"]["ingressClassName"].TextOr("<none>"));
        cells.Add(hosts.Count == 0 ? "*" : string.Join(",", hosts.Take(3)) + (hosts.Count > 3 ? $" + {hosts.Count - 3} more..." : ""));
        cells.Add(string.Join(",", o["status"]["loadBalancer"]["ingress"].Items.Select(i => i["ip"].TextOr(i["hostname"].Text))));
        cells.Add(o["spec"]["tls"].Count > 0 ? "80, 443" : "80");
        cells.Age(o);
    });

    public static readonly KindTable IngressClass = new([Column.Named, new("Controller"), new("Parameters"), Column.Age], static (o, cells) =>
    {
        var parameters = o["spec"]["parameters"];
        var kind = parameters["apiGroup"].Text is { Length: > 0 } group ? $"{parameters["kind"].Text}.{group}" : parameters["kind"].Text;
        cells.Name(o);
        cells.Add(o["spec"]["controller"].Text);
        cells.Add(parameters.Exists ? $"{kind}/{parameters["name"].Text}" : "<none>");
        cells.Age(o);
    });

    public static readonly KindTable RuntimeClass = new([Column.Named, new("Handler"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["handler"].Text);
        cells.Age(o);
    });

    static bool IsLimit(string resource) => resource.StartsWith("limits.", StringComparison.Ordinal);

    static string Targets(View specs, View statuses)
    {
        if (specs.Count == 0) return "<none>";
        List<View> told = [.. statuses.Items];
        List<string> all = [.. specs.Items.Select((spec, i) => Target(spec, i < told.Count ? told[i] : default))];
        return string.Join(", ", all.Take(Shown)) + (all.Count > Shown ? $" + {all.Count - Shown} more..." : "");
    }

    static string Target(View spec, View status)
    {
        var type = spec["type"].Text;
        if (type.Length == 0) return "<unknown type>";
        var field = char.ToLowerInvariant(type[0]) + type[1..];
        var (target, current) = (spec[field]["target"], status[field]["current"]);
        var name = type is "Resource" or "ContainerResource" ? spec[field]["name"].Text + ": " : "";
        if (name.Length > 0 && !target["averageValue"].Exists) return $"{name}{Percent(current["averageUtilization"], "<unknown>")}/{Percent(target["averageUtilization"], "<auto>")}";
        if (target["value"].Exists) return $"{current["value"].TextOr("<unknown>")}/{target["value"].Text}";
        return $"{name}{current["averageValue"].TextOr("<unknown>")}/{target["averageValue"].Text}{(type is "Object" or "External" ? " (avg)" : "")}";
    }

    static string Percent(View value, string none) => value.Exists ? value.Text + "%" : none;
}
