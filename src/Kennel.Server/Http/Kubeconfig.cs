using System.Text;

namespace Kennel.Server.Http;

/// <summary>The file with which kubectl finds the server and shows who the admin is.</summary>
public static class Kubeconfig
{
    /// <param name="address">Host and port.</param>
    public static string Text(string address, Pki pki, string? token = null, string cluster = "kennel") => $"""
        apiVersion: v1
        kind: Config
        current-context: {cluster}
        clusters:
        - name: {cluster}
          cluster:
            server: https://{address}
            certificate-authority-data: {Base64(pki.AuthorityPem)}
        contexts:
        - name: {cluster}
          context:
            cluster: {cluster}
            user: {cluster}-admin
        users:
        - name: {cluster}-admin
          user:
            client-certificate-data: {Base64(pki.Admin.CertificatePem)}
            client-key-data: {Base64(pki.Admin.KeyPem)}{(token is null ? "" : $"\n    token: {token}")}

        """;

    /// <summary>Writes it where only its owner reads it.</summary>
    public static void Write(string path, string address, Pki pki, string? token = null) => PrivateFile.Write(path, Text(address, pki, token));

    static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
}
