namespace Kennel.Objects.Tables.Kinds;

static class StorageTables
{
    const string BetaClass = "volume.beta.kubernetes.io/storage-class";

    static readonly Column s_attributesClass = new("VolumeAttributesClass", Description: "Class of the volume's attributes.");
    static readonly Column s_mode = new("VolumeMode", Wide: true, Description: "Filesystem or Block.");

    public static readonly KindTable Claim = new(
        [Column.Named, new("Status"), new("Volume"), new("Capacity"), new("Access Modes"), new("StorageClass"), s_attributesClass, Column.Age, s_mode],
        static (o, cells) =>
        {
            var bound = o["spec"]["volumeName"].Text.Length > 0;
            cells.Name(o);
            cells.Add(Phase(o));
            cells.Add(o["spec"]["volumeName"].Text);
            cells.Add(bound ? o["status"]["capacity"]["storage"].Text : "");
            cells.Add(bound ? Modes(o["status"]["accessModes"]) : "");
            cells.Add(Class(o));
            cells.Add(o["spec"]["volumeAttributesClassName"].TextOr("<unset>"));
            cells.Age(o);
            cells.Add(o["spec"]["volumeMode"].TextOr("<unset>"));
        });

    public static readonly KindTable Volume = new(
        [Column.Named, new("Capacity"), new("Access Modes"), new("Reclaim Policy"), new("Status"), new("Claim"), new("StorageClass"), s_attributesClass, new("Reason"), Column.Age, s_mode],
        static (o, cells) =>
        {
            var claim = o["spec"]["claimRef"];
            cells.Name(o);
            cells.Add(o["spec"]["capacity"]["storage"].Text);
            cells.Add(Modes(o["spec"]["accessModes"]));
            cells.Add(o["spec"]["persistentVolumeReclaimPolicy"].Text);
            cells.Add(Phase(o));
            cells.Add(claim.Exists ? $"{claim["namespace"].Text}/{claim["name"].Text}" : "");
            cells.Add(Class(o));
            cells.Add(o["spec"]["volumeAttributesClassName"].TextOr("<unset>"));
            cells.Add(o["status"]["reason"].Text);
            cells.Age(o);
            cells.Add(o["spec"]["volumeMode"].TextOr("<unset>"));
        });

    public static readonly KindTable StorageClass = new(
        [Column.Named, new("Provisioner"), new("ReclaimPolicy"), new("VolumeBindingMode"), new("AllowVolumeExpansion"), Column.Age],
        static (o, cells) =>
        {
            var annotations = o["metadata"]["annotations"];
            var isDefault = annotations["storageclass.kubernetes.io/is-default-class"].Text == "true" || annotations["storageclass.beta.kubernetes.io/is-default-class"].Text == "true";
            cells.Add(o["metadata"]["name"].Text + (isDefault ? " (default)" : ""));
            cells.Add(o["provisioner"].Text);
            cells.Add(o["reclaimPolicy"].TextOr("Delete"));
            cells.Add(o["volumeBindingMode"].TextOr("Immediate"));
            cells.Add(o["allowVolumeExpansion"].True);
            cells.Age(o);
        });

    public static readonly KindTable AttributesClass = new([Column.Named, new("DriverName"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["driverName"].Text);
        cells.Age(o);
    });

    static string Phase(View o) => o["metadata"]["deletionTimestamp"].Exists ? "Terminating" : o["status"]["phase"].Text;

    static string Class(View o) => o["metadata"]["annotations"][BetaClass] is { Exists: true } beta ? beta.Text : o["spec"]["storageClassName"].Text;

    static string Modes(View modes)
    {
        var has = modes.Items.Select(m => m.Text).ToHashSet();
        return string.Join(",", new[] { ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP") }.Where(m => has.Contains(m.Item1)).Select(m => m.Item2));
    }
}
