namespace Kennel.Controllers.Certificates;

/// <summary>What each of the built-in signers puts its name under.</summary>
public static class Signers
{
    public const string Client = "kubernetes.io/kube-apiserver-client";
    public const string NodeClient = "kubernetes.io/kube-apiserver-client-kubelet";
    public const string NodeServing = "kubernetes.io/kubelet-serving";

    const string Nodes = "system:nodes";
    const string NodePrefix = "system:node:";
    const string Signature = "digital signature", Encipherment = "key encipherment", ClientUse = "client auth", ServerUse = "server auth";

    public static bool Ours(string signer) => signer is Client or NodeClient or NodeServing;

    /// <summary>Why the signer can't sign it, or null.</summary>
    public static string? Problem(string signer, Asked? asked, IReadOnlyList<string> usages) => asked is null ? "unable to parse the request" : signer switch
    {
        Client => usages.Contains(ClientUse) && usages.All(u => u is Signature or Encipherment or ClientUse) ? null : "usages did not match [client auth] with digital signature and key encipherment",
        NodeClient => NodeProblem(asked) ?? (Exactly(usages, ClientUse) ? null : "usages did not match [key encipherment digital signature client auth]")
            ?? (asked.HostNames.Count > 0 || asked.OtherNames ? "subjectAltNames are not allowed" : null),
        NodeServing => NodeProblem(asked) ?? (Exactly(usages, ServerUse) ? null : "usages did not match [key encipherment digital signature server auth]")
            ?? (asked.OtherNames ? "only DNS and IP subjectAltNames are allowed" : asked.HostNames.Count == 0 ? "DNS or IP subjectAltName is required" : null),
        _ => $"{signer} is none of ours",
    };

    static string? NodeProblem(Asked asked) =>
        asked.Organizations is not [Nodes] ? "subject organization is not system:nodes"
        : !asked.CommonName.StartsWith(NodePrefix, StringComparison.Ordinal) || asked.CommonName.Length == NodePrefix.Length ? "subject common name does not begin with system:node: "
        : null;

    static bool Exactly(IReadOnlyList<string> usages, string use) =>
        usages.Contains(Signature) && usages.Contains(use) && usages.All(u => u is Signature or Encipherment || u == use);
}
