{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";
  outputs = { self, nixpkgs, ... }: {
    nixosConfigurations = {
      laptop = nixpkgs.lib.nixosSystem {
        system = "x86_64-linux";
        modules = [ ./hosts/laptop/configuration.nix ];
      };
      server = nixpkgs.lib.nixosSystem {
        system = "aarch64-linux";
        modules = [ ./hosts/server/configuration.nix ];
      };
    };
  };
}
