using System.Security.Cryptography.X509Certificates;
using YamlDotNet.RepresentationModel;

namespace Kennel.Load;

/// <summary>Where a server is and who we are there: what a kubeconfig's current context says.</summary>
/// <param name="Authority">Signed the server's certificate; null: whatever this machine trusts.</param>
internal sealed record Kubeconfig(Uri Server, X509Certificate2Collection? Authority, X509Certificate2? Client, string? Token, bool TrustsAnyone)
{
    public static Kubeconfig Read(string path)
    {
        var stream = new YamlStream();
        using (var text = File.OpenText(path)) stream.Load(text);
        var root = stream.Documents[0].RootNode;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var context = Named(root, "contexts", Text(root, "current-context") ?? throw Bad(path, "has no current-context"), "context", path);
        var cluster = Named(root, "clusters", Text(context, "cluster") ?? "", "cluster", path);
        var user = Named(root, "users", Text(context, "user") ?? "", "user", path);
        return new Kubeconfig(
            new Uri(Text(cluster, "server") ?? throw Bad(path, "has no server")),
            Authorities(Pem(cluster, "certificate-authority", folder)),
            Identity(Pem(user, "client-certificate", folder), Pem(user, "client-key", folder)),
            Text(user, "token") ?? (Text(user, "tokenFile") is { } file ? File.ReadAllText(Path.Combine(folder, file)).Trim() : null),
            Text(cluster, "insecure-skip-tls-verify") == "true");
    }

    private static X509Certificate2Collection? Authorities(string? pem)
    {
        if (pem is null) return null;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities;
    }

    private static X509Certificate2? Identity(string? certificate, string? key) =>
        certificate is null || key is null ? null : X509Certificate2.CreateFromPem(certificate, key);

    /// <summary>A field that is either a file's name or, with <c>-data</c>, the content itself.</summary>
    private static string? Pem(YamlNode node, string field, string folder)
    {
        if (Text(node, field + "-data") is { } data) return System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(data));
        return Text(node, field) is { } file ? File.ReadAllText(Path.Combine(folder, file)) : null;
    }

    private static YamlNode Named(YamlNode root, string list, string name, string field, string path)
    {
        if (Field(root, list) is YamlSequenceNode items)
        {
            foreach (var item in items)
                if (Text(item, "name") == name && Field(item, field) is { } found) return found;
        }

        throw Bad(path, $"has no {field} {name}");
    }

    private static YamlNode? Field(YamlNode node, string field) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(field), out var value) ? value : null;

    private static string? Text(YamlNode node, string field) => (Field(node, field) as YamlScalarNode)?.Value;

    private static InvalidDataException Bad(string path, string what) => new($"{path} {what}");
}
