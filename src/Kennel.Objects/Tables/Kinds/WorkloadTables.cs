namespace Kennel.Objects.Tables.Kinds;

static class WorkloadTables
{
    static readonly Column s_desired = new("Desired", Type: "integer", Description: "Pods that are wanted.");
    static readonly Column s_current = new("Current", Type: "integer", Description: "Pods that exist.");
    static readonly Column s_readyCount = new("Ready", Type: "integer", Description: "Pods that are ready.");
    static readonly Column s_ready = new("Ready", Description: "Pods that are ready, of those wanted.");

    public static readonly KindTable StatefulSet = new([Column.Named, s_ready, Column.Age, Column.Containers, Column.Images], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add($"{o["status"]["readyReplicas"].Number}/{o["spec"]["replicas"].Number}");
        cells.Age(o);
        cells.ContainersAndImages(o["spec"]["template"]);
    });

    public static readonly KindTable Deployment = new(
        [Column.Named, s_ready, new("Up-to-date", Description: "Pods of the newest template."), new("Available", Description: "Pods ready for at least minReadySeconds."), Column.Age, Column.Containers, Column.Images, Column.Selector],
        static (o, cells) =>
        {
            cells.Name(o);
            cells.Add($"{o["status"]["readyReplicas"].Number}/{o["spec"]["replicas"].Number}");
            cells.Add(o["status"]["updatedReplicas"].Number);
            cells.Add(o["status"]["availableReplicas"].Number);
            cells.Age(o);
            cells.ContainersAndImages(o["spec"]["template"]);
            cells.Add(Selectors.Text(o["spec"]["selector"]));
        });

    public static readonly KindTable ReplicaSet = new([Column.Named, s_desired, s_current, s_readyCount, Column.Age, Column.Containers, Column.Images, Column.Selector], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["spec"]["replicas"].Number);
        cells.Add(o["status"]["replicas"].Number);
        cells.Add(o["status"]["readyReplicas"].Number);
        cells.Age(o);
        cells.ContainersAndImages(o["spec"]["template"]);
        cells.Add(Selectors.Text(o["spec"]["selector"]));
    });

    public static readonly KindTable DaemonSet = new(
        [Column.Named, s_desired, s_current, s_readyCount, new("Up-to-date", Type: "integer"), new("Available", Type: "integer"), new("Node Selector"), Column.Age, Column.Containers, Column.Images, Column.Selector],
        static (o, cells) =>
        {
            cells.Name(o);
            cells.Add(o["status"]["desiredNumberScheduled"].Number);
            cells.Add(o["status"]["currentNumberScheduled"].Number);
            cells.Add(o["status"]["numberReady"].Number);
            cells.Add(o["status"]["updatedNumberScheduled"].Number);
            cells.Add(o["status"]["numberAvailable"].Number);
            cells.Add(Selectors.Labels(o["spec"]["template"]["spec"]["nodeSelector"]));
            cells.Age(o);
            cells.ContainersAndImages(o["spec"]["template"]);
            cells.Add(Selectors.Text(o["spec"]["selector"]));
        });

    public static readonly KindTable ControllerRevision = new([Column.Named, new("Controller"), new("Revision"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        var owner = o["metadata"]["ownerReferences"].Items.FirstOrDefault(r => r["controller"].True);
        cells.Add(owner.Exists ? $"{Qualified(owner)}/{owner["name"].Text}" : "<none>");
        cells.Add(o["revision"].Number);
        cells.Age(o);
    });

    public static readonly KindTable Job = new(
        [Column.Named, new("Status"), new("Completions"), new("Duration"), Column.Age, Column.Containers, Column.Images, Column.Selector],
        static (o, cells) =>
        {
            cells.Name(o);
            cells.Add(JobStatus(o));
            cells.Add(Completions(o));
            cells.Add(o["status"]["startTime"].Time is { } start ? Durations.Text((o["status"]["completionTime"].Time ?? cells.Now) - start) : "");
            cells.Age(o);
            cells.ContainersAndImages(o["spec"]["template"]);
            cells.Add(Selectors.Text(o["spec"]["selector"]));
        });

    public static readonly KindTable CronJob = new(
        [Column.Named, new("Schedule"), new("Timezone"), new("Suspend"), new("Active", Type: "integer"), new("Last Schedule"), Column.Age, Column.Containers, Column.Images, Column.Selector],
        static (o, cells) =>
        {
            cells.Name(o);
            cells.Add(o["spec"]["schedule"].Text);
            cells.Add(o["spec"]["timeZone"].TextOr("<none>"));
            cells.Add(o["spec"]["suspend"].True ? "True" : "False");
            cells.Add(o["status"]["active"].Count);
            cells.Add(o["status"]["lastScheduleTime"].Time is { } last ? Durations.Ago(last, cells.Now) : "<none>");
            cells.Age(o);
            cells.ContainersAndImages(o["spec"]["jobTemplate"]["spec"]["template"]);
            cells.Add(Selectors.Text(o["spec"]["jobTemplate"]["spec"]["selector"]));
        });

    public static readonly KindTable Scale = new([Column.Named, new("Desired", Type: "integer"), new("Available", Type: "integer"), Column.Age], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["spec"]["replicas"].Number);
        cells.Add(o["status"]["replicas"].Number);
        cells.Age(o);
    });

    static string Qualified(View owner)
    {
        var version = owner["apiVersion"].Text;
        var slash = version.IndexOf('/', StringComparison.Ordinal);
        var kind = owner["kind"].Text.ToLowerInvariant();
        return slash < 0 ? kind : $"{kind}.{version[..slash]}";
    }

    static string Completions(View o)
    {
        var (succeeded, wanted, parallel) = (o["status"]["succeeded"].Number, o["spec"]["completions"], o["spec"]["parallelism"].Number);
        return wanted.Exists ? $"{succeeded}/{wanted.Number}" : parallel > 1 ? $"{succeeded}/1 of {parallel}" : $"{succeeded}/1";
    }

    static string JobStatus(View o)
    {
        bool Is(string type) => o["status"]["conditions"].Condition(type)["status"].Text == "True";
        return Is("Complete") ? "Complete"
            : Is("Failed") ? "Failed"
            : o["metadata"]["deletionTimestamp"].Exists ? "Terminating"
            : Is("Suspended") ? "Suspended"
            : Is("FailureTarget") ? "FailureTarget"
            : Is("SuccessCriteriaMet") ? "SuccessCriteriaMet"
            : "Running";
    }
}
