namespace Kennel.Load;

/// <summary>What every scenario gets.</summary>
/// <param name="Namespace">One of its own, which it leaves behind empty.</param>
/// <param name="Image">What the pods run (nothing, when nodes are simulated).</param>
/// <param name="StorageClass">Of the claims; empty: the server's default.</param>
/// <param name="Patience">How long a scenario may take before it has failed.</param>
internal sealed record Setting(Api Api, string Namespace, string Image, string StorageClass, TimeSpan Patience)
{
    /// <summary>Of the server, when it runs on this machine and what it uses is to be told.</summary>
    public int? Pid { get; init; }

    public string Pods => $"/api/v1/namespaces/{Namespace}/pods";

    public string Claims => $"/api/v1/namespaces/{Namespace}/persistentvolumeclaims";

    public string ConfigMaps => $"/api/v1/namespaces/{Namespace}/configmaps";

    public string StatefulSets => $"/apis/apps/v1/namespaces/{Namespace}/statefulsets";
}
