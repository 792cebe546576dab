namespace Kennel.Node.Pods;

/// <summary>A pod as kubelet's messages name it: <c>web-0_default(uid)</c>.</summary>
static class PodText
{
    public static string Of(Observed o) => Of(o.Pod?.Metadata.Namespace, o.Pod?.Metadata.Name, o.Pod?.Metadata.Uid);

    public static string Of(string? space, string? name, string? uid) => $"{name}_{space}({uid})";
}
