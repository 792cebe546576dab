using Kennel.Node.Runtime;
using Kennel.Node.Runtime.Containerd;

namespace Kennel.Node.Tests.Runtime;

public sealed class RegistrySettingsTests
{
    [Fact]
    public void Mirrors_certificates_and_logins_become_what_containerd_reads()
    {
        var settings = RegistrySettings.Read("""
            mirrors:
              docker.io:
                endpoint: ["https://mirror.test:5000/v2", "http://other.test"]
            configs:
              "mirror.test:5000":
                auth: {username: me, password: "se\"cret"}
                tls: {ca_file: /ca.pem, cert_file: /c.pem, key_file: /k.pem, insecure_skip_verify: true}
              "plain.test":
                tls: {insecure_skip_verify: true}
            """, "registries.yaml");
        settings.Hosts["docker.io"].ShouldBe("""
            server = "https://registry-1.docker.io"

            [host."https://mirror.test:5000"]
              capabilities = ["pull", "resolve"]
              ca = ["/ca.pem"]
              client = [["/c.pem", "/k.pem"]]
              skip_verify = true

            [host."http://other.test"]
              capabilities = ["pull", "resolve"]

            """);
        settings.Hosts["plain.test"].ShouldContain("skip_verify = true");
        settings.Logins.ShouldContain("registry.configs.\"mirror.test:5000\".auth]");
        settings.Logins.ShouldContain("password = \"se\\\"cret\"");
    }

    [Theory]
    [InlineData("mirrors: [", "registries.yaml: ")]
    [InlineData("mirrors: {docker.io: {rewrite: {a: b}}}", "registries.yaml: mirrors.docker.io.rewrite: containerd can't rewrite names; name the images as the mirror has them")]
    public void What_cannot_be_understood_is_told(string yaml, string problem) =>
        Should.Throw<RuntimeException>(() => RegistrySettings.Read(yaml, "registries.yaml")).Message.ShouldStartWith(problem);
}
