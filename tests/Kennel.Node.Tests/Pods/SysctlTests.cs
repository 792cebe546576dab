using Kennel.Node.Pods;
using Kennel.Objects.Core;

namespace Kennel.Node.Tests.Pods;

public sealed class SysctlTests
{
    [Theory]
    [InlineData("net.ipv4.tcp_syncookies", false, null)]
    [InlineData("net/ipv4/tcp_syncookies", false, null)]
    [InlineData("net.ipv4.tcp_syncookies", true, "forbidden sysctl: \"net.ipv4.tcp_syncookies\" not allowed with host net enabled")]
    [InlineData("net.core.somaxconn", false, "forbidden sysctl: \"net.core.somaxconn\" not allowlisted")]
    [InlineData("kernel.msgmax", false, null)]
    public void Only_settings_that_harm_nobody_else_are_taken(string name, bool hostNetwork, string? refusal) =>
        Sysctls.Forbidden(new PodSpec { HostNetwork = hostNetwork, SecurityContext = new() { Sysctls = [new() { Name = name, Value = "1" }] } }, ["kernel.msg*"])?.Message.ShouldBe(refusal);
}
