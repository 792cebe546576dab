namespace Kennel.Objects.Tables.Kinds;

static class ClusterTables
{
    const string RoleLabel = "node-role.kubernetes.io/";

    public static readonly KindTable Node = new(
    [
        Column.Named, new("Status"), new("Roles"), Column.Age, new("Version"), new("Internal-IP", Wide: true), new("External-IP", Wide: true),
        new("OS-Image", Wide: true), new("Kernel-Version", Wide: true), new("Container-Runtime", Wide: true),
    ], static (o, cells) =>
    {
        var info = o["status"]["nodeInfo"];
        cells.Name(o);
        cells.Add(NodeStatus(o));
        cells.Add(Roles(o));
        cells.Age(o);
        cells.Add(info["kubeletVersion"].Text);
        cells.Add(Address(o, "InternalIP"));
        cells.Add(Address(o, "ExternalIP"));
        cells.Add(info["osImage"].TextOr("<unknown>"));
        cells.Add(info["kernelVersion"].Text is { Length: > 0 } kernel ? $"{kernel}{(info["architecture"].Text is { Length: > 0 } arch ? $" ({arch})" : "")}" : "<unknown>");
        cells.Add(info["containerRuntimeVersion"].TextOr("<unknown>"));
    });

    public static readonly KindTable Namespace = new([Column.Named, new("Status"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["status"]["phase"].Text);
        cells.Age(o);
    });

    public static readonly KindTable ConfigMap = new([Column.Named, new("Data"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["data"].Count + o["binaryData"].Count);
        cells.Age(o);
    });

    public static readonly KindTable Secret = new([Column.Named, new("Type"), new("Data"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["type"].Text);
        cells.Add(o["data"].Count);
        cells.Age(o);
    });

    public static readonly KindTable NameAndAge = new([Column.Named, Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Age(o);
    });

    public static readonly KindTable Lease = new([Column.Named, new("Holder"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["spec"]["holderIdentity"].Text);
        cells.Age(o);
    });

    public static readonly KindTable DisruptionBudget = new(
        [Column.Named, new("Min Available"), new("Max Unavailable"), new("Allowed Disruptions", Type: "integer"), Column.Age],
        static (o, cells) =>
        {
            cells.Name(o);
            cells.Add(o["spec"]["minAvailable"].TextOr("N/A"));
            cells.Add(o["spec"]["maxUnavailable"].TextOr("N/A"));
            cells.Add(o["status"]["disruptionsAllowed"].Number);
            cells.Age(o);
        });

    public static readonly KindTable PriorityClass = new(
        [Column.Named, new("Value", Type: "integer"), new("Global-Default", Type: "boolean"), Column.Age, new("PreemptionPolicy")],
        static (o, cells) =>
        {
            cells.Name(o);
            cells.Add(o["value"].Number);
            cells.Add(o["globalDefault"].True);
            cells.Age(o);
            cells.Add(o["preemptionPolicy"].TextOr("PreemptLowerPriority"));
        });

    static string NodeStatus(View o)
    {
        var ready = o["status"]["conditions"].Condition("Ready");
        var word = !ready.Exists ? "Unknown" : ready["status"].Text == "True" ? "Ready" : "NotReady";
        return o["spec"]["unschedulable"].True ? word + ",SchedulingDisabled" : word;
    }

    static string Roles(View o)
    {
        var roles = o["metadata"]["labels"].Fields
            .Select(l => l.Key.StartsWith(RoleLabel, StringComparison.Ordinal) ? l.Key[RoleLabel.Length..] : l.Key == "kubernetes.io/role" ? l.Value.Text : "")
            .Where(r => r.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        return roles.Count == 0 ? "<none>" : string.Join(",", roles);
    }

    static string Address(View o, string type) => o["status"]["addresses"].Items.FirstOrDefault(a => a["type"].Text == type)["address"].TextOr("<none>");
}
