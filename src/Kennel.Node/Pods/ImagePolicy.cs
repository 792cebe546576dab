namespace Kennel.Node.Pods;

public enum ImageChoice { UsePresent, Pull, Refuse }

/// <summary>What <c>imagePullPolicy</c> asks for.</summary>
public static class ImagePolicy
{
    /// <summary>How registries that can't be reached show: the transport failed before any registry answered.</summary>
    static readonly string[] s_away =
    [
        "failed to do request", "dial tcp", "no such host", "i/o timeout", "connection refused", "network is unreachable", "no route to host",
        "TLS handshake timeout", "server misbehaving", "proxyconnect",
    ];

    public static ImageChoice Of(string? policy, string image, bool present) => (policy ?? Default(image)) switch
    {
        "Never" => present ? ImageChoice.UsePresent : ImageChoice.Refuse,
        "Always" => ImageChoice.Pull,
        _ => present ? ImageChoice.UsePresent : ImageChoice.Pull,
    };

    /// <summary>
    /// Kennel's own rule: under Always an image that is present serves when no registry can be reached. A registry that answers
    /// (not found, not allowed) is obeyed.
    /// </summary>
    public static bool RegistryIsAway(string message) => Array.Exists(s_away, sign => message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    static string Default(string image)
    {
        if (image.Contains('@')) return "IfNotPresent";
        var tag = image[(image.LastIndexOf('/') + 1)..].Split(':') is [_, var t] ? t : "latest";
        return tag == "latest" ? "Always" : "IfNotPresent";
    }
}
